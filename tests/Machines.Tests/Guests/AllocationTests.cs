using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary>The hot path allocates nothing.</summary>
public sealed class AllocationTests
{
    [Theory]
    [InlineData(0, 16, 0)]
    [InlineData(1, 8, 0)]
    [InlineData(0, 16, 1)]
    [InlineData(1, 8, 1)]
    public void A_message_in_the_middle_of_a_long_run_allocates_nothing(int pattern, int vcpus, int paravirt)
    {
        var source = File.ReadAllText(Repository.PathOf("scenarios", "guests", "ipi-multicast.guest"))
            .Replace(".include \"lib/", ".include \"", StringComparison.Ordinal)
            .Replace("rounds  = 4", "rounds  = 3000", StringComparison.Ordinal)
            .Replace("pattern = 0", $"pattern = {pattern}", StringComparison.Ordinal);
        using var run = new GuestRun(source, vcpus, rewrite: text => text.Replace("paravirt = 1", $"paravirt = {paravirt}", StringComparison.Ordinal), until: VirtualTime.FromNanoseconds(50_000_000));
        run.Engine.Start();
        run.Engine.Run(VirtualTime.FromNanoseconds(1_000_000));
        var messages = run.Engine.Groups.Sum(group => group.Handled);
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        run.Engine.Run(VirtualTime.FromNanoseconds(9_000_000));
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        messages = run.Engine.Groups.Sum(group => group.Handled) - messages;
        Assert.Null(run.End);
        Assert.True(messages > 20_000, $"only {messages} messages");
        Assert.True(bytes < messages, $"{bytes} bytes for {messages} messages");
    }
}
