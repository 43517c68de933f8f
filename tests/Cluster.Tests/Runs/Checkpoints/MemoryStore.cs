using Trapline.Persistence;

namespace Trapline.Cluster.Tests.Runs.Checkpoints;

/// <summary>Keeps checkpoints in a list; and does what a test asks before it saves.</summary>
internal sealed class MemoryStore(Action<Checkpoint>? beforeSave = null) : ICheckpointStore
{
    public List<Checkpoint> Saved { get; } = [];

    public string Place => "memory";

    public string Save(Checkpoint checkpoint)
    {
        beforeSave?.Invoke(checkpoint);
        // Copied: what was given is used again for a later cut.
        Saved.Add(checkpoint with { Parts = [.. checkpoint.Parts.Select(part => part with { Content = part.Content.ToArray() })] });
        return $"{Saved.Count - 1}";
    }

    public IReadOnlyList<StoredCheckpoint> List() => [.. Saved.Select((checkpoint, index) => new StoredCheckpoint($"{index}", checkpoint.Header, [], default, 0))];

    public Checkpoint Load(string id) => Saved[int.Parse(id)];

    public int Delete(IReadOnlyCollection<string> ids) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
