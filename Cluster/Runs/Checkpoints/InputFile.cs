namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>One file that a run was loaded from.</summary>
/// <param name="Name">Relative to the folder that holds all of them, with slashes; how it is found again on another machine.</param>
/// <param name="Shown">As messages and reports call it: a restored run calls it the same.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record InputFile(string Name, string Shown, byte[] Content);
