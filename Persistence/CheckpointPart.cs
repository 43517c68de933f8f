namespace Trapline.Persistence;

/// <summary>One part of a checkpoint: what is read, checked and versioned as a whole.</summary>
/// <param name="Name">Unique in its checkpoint: <c>run</c>, <c>inputs</c>, <c>group/vcpu0</c>. At most <see cref="CheckpointLimits.NameLength"/> characters.</param>
/// <param name="SchemaVersion">Of its content; who reads it refuses versions that it does not know.</param>
/// <param name="Content">Its bytes; immutable.</param>
public sealed record CheckpointPart(string Name, int SchemaVersion, ReadOnlyMemory<byte> Content);
