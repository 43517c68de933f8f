namespace Trapline.Machines.Results.Migrations;

/// <summary>A register of a controller or vCPU before and after a migration.</summary>
/// <param name="Device">The actor, whatever its host: <c>eiointc0</c>.</param>
/// <param name="Register">Name of its row.</param>
/// <param name="Before">At the source, when the guest had stopped: hexadecimal.</param>
/// <param name="After">At the destination, before it ran on: hexadecimal.</param>
/// <param name="Differs">Whether they are not equal.</param>
/// <param name="Judgement">Why they differ, and whether that matters; empty where they do not.</param>
public sealed record RegisterChange(string Device, string Register, string Before, string After, bool Differs, string Judgement);
