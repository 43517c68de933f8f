namespace Trapline.Devices.LoongArch.Profiles;

/// <summary>One difference between profiles.</summary>
/// <param name="Id">Row of the table of differences: <c>D1</c> to <c>D24</c>; <c>F4</c> and so on for a defect that a later version mended, <c>S3.4</c> for a difference that only that section tells.</param>
/// <param name="Topic">What it is about, for people.</param>
/// <param name="Value">The switch of a profile.</param>
/// <param name="Take">The first profile with this one switch of the second.</param>
public sealed record ProfileRow(
    string Id,
    string Topic,
    Func<LoongArchProfile, object> Value,
    Func<LoongArchProfile, LoongArchProfile, LoongArchProfile> Take);
