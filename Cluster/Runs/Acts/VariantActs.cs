using Trapline.Actors.Kernel;
using Trapline.Messages;

namespace Trapline.Cluster.Runs.Acts;

/// <summary>What a person does to one variant: by a journal, at the times that it names; and live, at the start of the window that comes.</summary>
/// <param name="variant">Its name.</param>
/// <param name="isMigratable">Whether its machine has a second host.</param>
/// <param name="control">Where live requests wait.</param>
/// <param name="journal">Where they are written down before they take effect.</param>
/// <param name="repeated">Of this variant, in the order of time.</param>
internal sealed class VariantActs(string variant, bool isMigratable, RunControl control, JournalWriter journal, IReadOnlyList<JournalEntry> repeated)
{
    /// <summary>When a journal stops the variant; never, if it does not.</summary>
    public VirtualTime Stop => repeated.LastOrDefault(act => act.Act == JournalEntry.StopAct) is { } stop ? new VirtualTime(stop.AtPs) : VirtualTime.Never;

    /// <summary>Acts to repeat that have not been done at a time.</summary>
    public IEnumerable<JournalEntry> From(VirtualTime time) => repeated.Where(act => JournalEntry.IsMessage(act.Act) && act.AtPs >= time.Picoseconds);

    /// <summary>Does again what a journal says.</summary>
    public static void Repeat(Engine engine, JournalEntry act) => Inject(engine, act.Act, new VirtualTime(act.AtPs));

    /// <summary>Does what has been asked for by now.</summary>
    /// <exception cref="RunException">The journal cannot be written: then nothing is done, because it could not be repeated.</exception>
    public void ServeRequests(Engine engine, VirtualTime at)
    {
        while (control.TryTake(out var request))
        {
            if (!isMigratable)
            {
                request.Refuse($"variant '{variant}' has one host: a scenario whose VM may migrate has the key 'migrations', be it an empty list");
                continue;
            }

            journal.Act(variant, at, request.Act);
            Inject(engine, request.Act, at);
            request.Accept(variant, at);
        }
    }

    /// <summary>Both hosts' VMMs are told, each by the node that has it; the one that has the VM acts.</summary>
    private static void Inject(Engine engine, string act, VirtualTime at)
    {
        for (var host = 0; host < 2; host++)
        {
            if (!engine.Holds(new ActorAddress(host, ActorRole.Vmm, 0)))
            {
                continue;
            }

            engine.Inject(new Message
            {
                Due = at,
                Source = new ActorAddress(host, ActorRole.Person, 0),
                Sequence = (ulong)at.Picoseconds,
                Target = new ActorAddress(host, ActorRole.Vmm, 0),
                Kind = MessageKind.Migrate,
                Word0 = act == JournalEntry.CancelMigrationAct ? 1UL : 0,
            });
        }
    }
}
