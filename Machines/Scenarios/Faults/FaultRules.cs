using Trapline.Actors.Faults;
using Trapline.Actors.Kernel;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios.Faults;

/// <summary>What a planned fault may be about.</summary>
public static class FaultRules
{
    private static readonly ActorRole[] OnePerCpu = [ActorRole.Vcpu, ActorRole.Ipi, ActorRole.Memory];

    private static readonly ActorRole[] Roles = [.. Enum.GetValues<ActorRole>().Where(role => role is not (ActorRole.None or ActorRole.Process))];

    /// <summary>Kinds of messages that one actor sends another.</summary>
    public static IReadOnlyList<string> Messages { get; } =
    [
        .. Enum.GetValues<MessageKind>()
            .Where(kind => kind is not (MessageKind.None or MessageKind.Timer or MessageKind.Synthetic))
            .Select(kind => kind.ToString()),
    ];

    public static IReadOnlyList<string> Kinds { get; } = [.. Enum.GetNames<FaultKind>().Select(name => name.ToLowerInvariant())];

    public static IReadOnlyList<string> RoleNames { get; } = [.. Roles.Select(role => role.ToString().ToLowerInvariant())];

    public static FaultKind KindOf(string name) => (FaultKind)((List<string>)[.. Kinds]).IndexOf(name);

    /// <summary>Reads the name of an actor or a role; null if there is none of that name.</summary>
    public static ActorPattern? Actor(string text)
    {
        if (text == ActorPattern.Anybody)
        {
            return ActorPattern.Any;
        }

        var letters = text.TrimEnd([.. "0123456789"]);
        var role = Array.FindIndex([.. RoleNames], name => name == letters);
        var digits = text[letters.Length..];
        if (role < 0 || digits.Length > 5 || (digits.Length > 1 && digits[0] == '0'))
        {
            return null;
        }

        return new ActorPattern(Roles[role], digits.Length == 0 ? null : int.Parse(digits));
    }

    /// <summary>Names for "did you mean": the role, with the number that was written.</summary>
    public static IEnumerable<string> ActorNames(string written)
    {
        var digits = written[written.TrimEnd([.. "0123456789"]).Length..];
        return RoleNames.Select(role => role + digits);
    }

    /// <summary>What is wrong with an actor's number in a machine of so many vCPUs; null if nothing is.</summary>
    public static string? ProblemOf(ActorPattern actor, int vcpus)
    {
        if (actor.Index is not { } index || actor.Role is ActorRole.Eventfd)
        {
            return null;
        }

        // Memory has one more: the board's.
        var last = actor.Role == ActorRole.Memory ? vcpus : OnePerCpu.Contains(actor.Role) ? vcpus - 1 : 0;
        var role = actor.Role.ToString().ToLowerInvariant();
        return index <= last ? null : $"there is no {role}{index}; this machine has {role}0{(last > 0 ? $" to {role}{last}" : "")}";
    }

    /// <summary>What is wrong with a plan, whatever the machine; null if nothing is.</summary>
    public static string? ProblemOf(FaultKind kind, MessageKind message, VirtualTime? by)
    {
        if (kind == FaultKind.Delay && by is null)
        {
            return "a delay needs 'by': how much later the message comes, such as 5us";
        }

        if (kind == FaultKind.Drop && by is not null)
        {
            return "'by' is for delay and repeat; what is dropped never comes: remove it";
        }

        return kind == FaultKind.Repeat && !CanComeTwice(message)
            ? $"{message} cannot come twice: it is an answer, or its receiver does one at a time; repeat LineChange, IpiSend, AnySend, PinInput, MessageSignal or MemoryAccess"
            : null;
    }

    /// <summary>A real CPU makes one access at a time, is started once, and is answered once.</summary>
    private static bool CanComeTwice(MessageKind message) => MessageForms.CarriesInterrupt(message) || message == MessageKind.MemoryAccess;
}
