using Trapline.Messages;

namespace Trapline.Actors.Faults;

/// <summary>
/// One fault that is planned: what becomes of the n-th message of a kind on a path. Each path has a count of its own, so
/// that a plan which leaves a side open hits the n-th message on every path that fits. Nothing is drawn: the same plan hits
/// the same messages.
/// </summary>
public sealed record FaultPlan
{
    /// <summary>In one scenario: there is one count a plan and path.</summary>
    public const int MostPlans = 64;

    public required FaultKind Kind { get; init; }

    public required MessageKind Message { get; init; }

    public ActorPattern From { get; init; }

    public ActorPattern To { get; init; }

    /// <summary>Which message of this kind on a path, from 1.</summary>
    public required long Nth { get; init; }

    /// <summary>How much later; of a repeated message its second coming, which may be zero.</summary>
    public VirtualTime By { get; init; }

    /// <summary>As <c>--fault</c> takes it: <c>drop LineChange#17 ipi3-&gt;vcpu3</c>.</summary>
    public override string ToString() => Text($"{From}->{To}");

    /// <summary>The same with the path that was hit.</summary>
    public string Text(ActorAddress source, ActorAddress target) => Text($"{source}->{target}");

    private string Text(string path) =>
        $"{Kind.ToString().ToLowerInvariant()} {Message}#{Nth} {path}{(By == VirtualTime.Zero ? "" : $" by {By}")}";
}
