using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Machines.Tests.State;

/// <summary>
/// Saved state comes from outside. Whatever somebody made of it, it is refused where it is read, with the row, or the run goes
/// on and ends in order: never an index out of range, a hang, or memory without end.
/// </summary>
[Trait("Runs", "Once")]
public sealed class HostileStateTests
{
    private const int CasesOfEachMachine = 1500;
    private const long MostBytes = 512L << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Machines => [.. StateMachines.All.Keys];

    [Theory, MemberData(nameof(Machines))]
    public void Altered_state_is_refused_or_ends_in_order(string machine)
    {
        var (refused, went) = (0, 0);
        var wrong = new List<string>();
        foreach (var saved in StateMachines.SavedStates(machine))
        {
            for (var number = 0; number < CasesOfEachMachine / StateMachines.CutTimes.Count; number++)
            {
                var random = new Random((saved.Bytes.Length * 31) + number);
                var altered = saved.Bytes.ToArray();
                var what = saved.Alter(altered, random);
                var bytes = 0L;
                var outcome = "did not come to an end";
                var runner = new Thread(() => outcome = Try(machine, saved, altered, out bytes), 16 << 20) { IsBackground = true };
                runner.Start();
                Assert.True(runner.Join(Patience), $"{machine} at {saved.At}, case {number}: hangs after {what}");
                Assert.True(bytes < MostBytes, $"{machine} at {saved.At}, case {number}: {bytes} bytes were allocated after {what}");
                if (outcome.Length != 0 && !outcome.StartsWith("refused", StringComparison.Ordinal))
                {
                    wrong.Add($"{machine} at {saved.At}, case {number}: {what}: {outcome}");
                }

                refused += outcome.Length == 0 ? 0 : 1;
                went += outcome.Length == 0 ? 1 : 0;
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {refused + went}\n{string.Join("\n", wrong.Take(12))}");
        Assert.True(refused > CasesOfEachMachine / 20 && went > CasesOfEachMachine / 20, $"{refused} refused, {went} went on: one of the two was not tested");
    }

    /// <summary>Empty where the run went on; otherwise why it did not.</summary>
    private static string Try(string machine, SavedMachine saved, byte[] altered, out long bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var run = StateMachines.All[machine]();
            var reader = new StateReader(altered);
            run.Engine.SyncState(reader);
            reader.Finish();
            for (var window = 1; window <= 40; window++)
            {
                run.Engine.Run(saved.At + VirtualTime.FromNanoseconds(window * 500));
            }

            _ = run.Digest();
            return "";
        }
        catch (Exception orderly) when (orderly is StateFormatException or SimulationException)
        {
            return orderly.Message.Length > 0 ? $"refused: {orderly.Message}" : "refused without a word";
        }
#pragma warning disable CA1031 // Any other exception is what the test looks for.
        catch (Exception other)
#pragma warning restore CA1031
        {
            return other.ToString();
        }
        finally
        {
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
