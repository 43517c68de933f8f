namespace Trapline.Host.Reports.Html;

/// <summary>One line of a chart.</summary>
/// <param name="Series">Number of its colour.</param>
/// <param name="Name">Shown when the pointer rests on it.</param>
/// <param name="Points">Its corners, pixels.</param>
internal sealed record CurveLine(int Series, string Name, IReadOnlyList<(double X, double Y)> Points);
