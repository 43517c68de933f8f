using Trapline.Messages;

namespace Trapline.Actors.Faults;

/// <summary>Which actors a planned fault is about.</summary>
/// <param name="Role">None for every role.</param>
/// <param name="Index">Null for every index.</param>
public readonly record struct ActorPattern(ActorRole Role = ActorRole.None, int? Index = null)
{
    /// <summary>How a pattern that fits every actor is written.</summary>
    public const string Anybody = "*";

    public static readonly ActorPattern Any;

    public bool Fits(ActorAddress actor) =>
        (Role == ActorRole.None || actor.Role == Role) && (Index is not { } index || actor.Index == index);

    public override string ToString() => Role == ActorRole.None ? Anybody : $"{Role.ToString().ToLowerInvariant()}{Index}";
}
