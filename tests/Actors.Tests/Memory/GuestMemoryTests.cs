using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.Memory;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Actors.Tests.Memory;

public sealed class GuestMemoryTests
{
    private const ulong Near = 0x400_0000;
    private const ulong Far = 0x123_4000;

    [Fact]
    public void Memory_that_was_never_written_reads_zero_and_costs_nothing()
    {
        var budget = new MemoryBudget(0);
        var memory = new GuestMemory(GuestLayout.LoongArch, Near, 0x10000, budget);
        Assert.Equal(0UL, memory.Read(Near + 8, AccessWidth.Double));
        Assert.Equal(0UL, memory.Read(Far, AccessWidth.Double));
        Assert.Equal(0, budget.Taken);
    }

    [Theory]
    [InlineData(Near + 0x18)]
    [InlineData(Far + 0x18)]
    public void Each_width_writes_its_bytes_and_no_more(ulong address)
    {
        var memory = new GuestMemory(GuestLayout.LoongArch, Near, 0x10000, new MemoryBudget(1 << 20));
        memory.Write(address, AccessWidth.Double, ulong.MaxValue);
        memory.Write(address, AccessWidth.Byte, 0x1100);
        Assert.Equal(0xFFFF_FFFF_FFFF_FF00UL, memory.Read(address, AccessWidth.Double));
        memory.Write(address + 2, AccessWidth.Half, 0x1_2233);
        Assert.Equal(0xFFFF_FFFF_2233_FF00UL, memory.Read(address, AccessWidth.Double));
        memory.Write(address + 4, AccessWidth.Word, 0x1_4455_6677);
        Assert.Equal(0x4455_6677UL, memory.Read(address + 4, AccessWidth.Word));
        Assert.Equal(0x2233_FF00UL, memory.Read(address, AccessWidth.Word));
    }

    [Theory]
    [InlineData(MemoryOperation.Swap, 12, 5)]
    [InlineData(MemoryOperation.Add, 12, 17)]
    [InlineData(MemoryOperation.And, 12, 4)]
    [InlineData(MemoryOperation.Or, 12, 13)]
    [InlineData(MemoryOperation.Xor, 12, 9)]
    [InlineData(MemoryOperation.Read, 12, 12)]
    public void An_atomic_gives_the_old_value_and_leaves_the_new(MemoryOperation operation, ulong old, ulong left)
    {
        var memory = new GuestMemory(GuestLayout.LoongArch, Near, 0x10000, new MemoryBudget(1 << 20));
        memory.Write(Near, AccessWidth.Word, old);
        Assert.Equal(old, memory.Access(operation, Near, AccessWidth.Word, 5, 0));
        Assert.Equal(left, memory.Read(Near, AccessWidth.Word));
    }

    [Fact]
    public void Compare_and_swap_compares_in_the_width_of_the_access()
    {
        var memory = new GuestMemory(GuestLayout.LoongArch, Near, 0x10000, new MemoryBudget(1 << 20));
        memory.Write(Near, AccessWidth.Word, 7);
        Assert.Equal(7UL, memory.Access(MemoryOperation.CompareSwap, Near, AccessWidth.Word, 9, 8));
        Assert.Equal(7UL, memory.Read(Near, AccessWidth.Word));
        Assert.Equal(7UL, memory.Access(MemoryOperation.CompareSwap, Near, AccessWidth.Word, 9, 0xAAAA_0000_0000_0007));
        Assert.Equal(9UL, memory.Read(Near, AccessWidth.Word));
    }

    [Fact]
    public void A_page_more_than_the_budget_ends_the_run_with_the_knob()
    {
        var memory = new GuestMemory(GuestLayout.LoongArch, Near, 0x10000, new MemoryBudget(GuestMemory.PageBytes));
        memory.Write(Near, AccessWidth.Byte, 1);
        var failure = Assert.Throws<SimulationException>(() => memory.Write(Near + GuestMemory.PageBytes, AccessWidth.Byte, 1));
        Assert.Contains("limits.memory", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void State_goes_out_and_in_with_pages_near_and_far()
    {
        var memory = new GuestMemory(GuestLayout.LoongArch, Near, 0x10000, new MemoryBudget(1 << 20));
        memory.Load(Near + GuestMemory.PageBytes - 2, [1, 2, 3, 4]);
        memory.Write(Far, AccessWidth.Double, 99);
        var writer = new StateWriter();
        memory.SyncState(writer);

        var budget = new MemoryBudget(1 << 20);
        var copy = new GuestMemory(GuestLayout.LoongArch, Near, 0x10000, budget);
        copy.Write(Near + 0x3000, AccessWidth.Byte, 77);
        var reader = new StateReader(writer.Written);
        copy.SyncState(reader);
        reader.Finish();
        Assert.Equal(0x0403UL, copy.Read(Near + GuestMemory.PageBytes, AccessWidth.Half));
        Assert.Equal(99UL, copy.Read(Far, AccessWidth.Double));
        Assert.Equal(0UL, copy.Read(Near + 0x3000, AccessWidth.Byte));
        Assert.Equal(3 * GuestMemory.PageBytes, budget.Taken);
    }

    [Theory]
    [InlineData(0x100_0000UL, true, GuestLayout.Board)]
    [InlineData(0x400_0000UL, true, 0)]
    [InlineData(0x400_0000UL + 0x1_0000UL - 1, true, 0)]
    [InlineData(0x400_0000UL + 0x1_0000UL, true, 1)]
    [InlineData(0x400_0000UL + (2 * 0x1_0000UL), true, GuestLayout.Board)]
    [InlineData(0x800_0000UL - 1, true, GuestLayout.Board)]
    [InlineData(0x800_0000UL, false, GuestLayout.Board)]
    [InlineData(ulong.MaxValue, false, GuestLayout.Board)]
    public void Every_address_has_one_home_or_none(ulong address, bool exists, int home)
    {
        Assert.Equal(exists, GuestLayout.LoongArch.TryFindHome(address, 2, out var found));
        Assert.Equal(home, found);
    }
}
