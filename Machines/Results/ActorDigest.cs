using Trapline.Messages;

namespace Trapline.Machines.Results;

/// <summary>What one actor contributes to the digest: the chain over its handled messages and its final state.</summary>
public readonly record struct ActorDigest(ActorAddress Address, Digest128 Digest);
