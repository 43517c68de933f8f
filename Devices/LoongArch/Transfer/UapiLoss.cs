using System.Text.RegularExpressions;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Devices.LoongArch.Transfer;

/// <summary>Something that a device loses where its state goes through the real interface instead of raw rows.</summary>
/// <param name="Name">In reports and tests.</param>
/// <param name="Device">Whose it is.</param>
/// <param name="What">What is not there afterwards, for people.</param>
/// <param name="Source">Where the interface's specification says so.</param>
/// <param name="Rows">Raw rows of the device that may differ because of it, with <c>[*]</c> for numbers of list elements.</param>
public sealed record UapiLoss(string Name, string Device, string What, string Source, params string[] Rows)
{
    private const RegexOptions Options = RegexOptions.CultureInvariant;

    /// <summary>Whether devices of a profile lose it; where the specification makes no difference, all do.</summary>
    public Func<LoongArchProfile, bool> Occurs { get; init; } = static _ => true;

    /// <summary>When it occurs, for people; empty where it always does.</summary>
    public string When { get; init; } = "";

    /// <summary>Whether a raw row may differ because of it.</summary>
    /// <param name="row">Full name as <see cref="Messages.State.StateLister"/> gives it, from the device's own part on.</param>
    public bool Covers(string row) => Array.Exists(Rows, rows => Regex.Replace(row, @"\[\d+\]", "[*]", Options) == rows);
}
