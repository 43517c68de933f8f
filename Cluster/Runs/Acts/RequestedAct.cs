using Trapline.Messages;

namespace Trapline.Cluster.Runs.Acts;

/// <summary>Something that a person asks of a run that goes on, until the run says what has become of it.</summary>
public sealed class RequestedAct
{
    private readonly TaskCompletionSource<ActAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="act">One of those that a journal can hold.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public RequestedAct(string act)
    {
        Act = JournalEntry.IsMessage(act) ? act : throw new ArgumentException($"'{act}' is nothing that can be done to a run; '{JournalEntry.MigrateAct}' and '{JournalEntry.CancelMigrationAct}' are", nameof(act));
    }

    public string Act { get; }

    /// <summary>Done when it has taken effect and is in the journal, or cannot be done.</summary>
    public Task<ActAnswer> Answer => _answer.Task;

    internal void Accept(string variant, VirtualTime at) => _answer.TrySetResult(new ActAnswer(true, variant, at.Picoseconds / VirtualTime.PerNanosecond, ""));

    internal void Refuse(string reason) => _answer.TrySetResult(new ActAnswer(false, "", 0, reason));
}
