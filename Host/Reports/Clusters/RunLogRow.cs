namespace Trapline.Host.Reports.Clusters;

/// <summary>One commit.</summary>
/// <param name="At">By the database's clock.</param>
/// <param name="Epoch">After it.</param>
/// <param name="Revision">After it.</param>
/// <param name="Holder">Who made it: name and generation.</param>
/// <param name="What">One line.</param>
internal sealed record RunLogRow(DateTimeOffset At, long Epoch, long Revision, string Holder, string What);
