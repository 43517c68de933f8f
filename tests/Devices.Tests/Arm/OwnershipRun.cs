using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Profiles;

namespace Trapline.Devices.Tests.Arm;

/// <summary>
/// One random run of <see cref="OwnershipLawTests"/>: edges, messages and register writes at the board, acknowledges and ends at the CPUs,
/// messages in between that arrive when they like. It knows of each interrupt how many events there were and how often it was taken.
/// </summary>
internal sealed class OwnershipRun
{
    private const int Spis = 5;
    private const int FirstSpi = 38;
    private const int FirstLpi = 8192;
    private const int Lpis = 4;

    /// <summary>One SPI is level-triggered.</summary>
    private const int LevelSpi = FirstSpi + Spis - 1;

    private const uint SpiBits = ((1u << Spis) - 1) << (FirstSpi - 32);
    private const ulong Doorbell = 0x0809_0040;
    private const ulong Properties = 0x4240_0000;
    private const ulong CommandQueue = 0x4200_0000;

    private readonly Random _random;
    private readonly int _seed;
    private readonly int _vcpus;
    private readonly Dictionary<int, int> _events = [];
    private readonly Dictionary<int, int> _taken = [];
    private readonly HashSet<int> _owed = [];
    private readonly Dictionary<int, int> _activeOn = [];
    private readonly List<int>[] _running;
    private ulong _commands;

    // In EOImode 0 an SPI whose priority has changed while it was active is not ended by EOIR (spec 2.5): such runs leave priorities alone.
    private readonly bool _splitsEnd;

    public OwnershipRun(GicProfile profile, int vcpus, bool waitsForEnds, int seed)
    {
        (_random, _seed, _vcpus) = (new Random(seed), seed, vcpus);
        Gic = new DelayedGic(profile, vcpus, waitsForEnds);
        _splitsEnd = seed % 2 == 1;
        _running = [.. Enumerable.Range(0, vcpus).Select(_ => new List<int>())];
        Prepare();
    }

    public DelayedGic Gic { get; }

    public int Acknowledged { get; private set; }

    /// <summary>One thing that happens.</summary>
    public void Step()
    {
        var cpu = _random.Next(_vcpus);
        switch (_random.Next(10))
        {
            case 0:
                Drive(FirstSpi + _random.Next(Spis));
                break;
            case 1:
                Message(_random.Next(Lpis));
                break;
            case 2:
                Write();
                break;
            case 3:
                Acknowledge(cpu);
                break;
            case 4:
                End(cpu);
                break;
            default:
                Gic.Step(_random.Next(Gic.Channels));
                break;
        }
    }

    /// <summary>Lets everything arrive, opens everything, serves all that there is; then nothing is owed.</summary>
    public void Settle()
    {
        Gic.Drain();
        Open();
        CheckRoutes();
        CheckLevel();
        for (var quiet = 0; quiet < 2; quiet++)
        {
            for (var cpu = 0; cpu < _vcpus; cpu++)
            {
                while (_running[cpu].Count > 0)
                {
                    End(cpu);
                    Gic.Drain();
                }

                quiet = Acknowledge(cpu) ? -1 : quiet;
                Gic.Drain();
            }
        }

        Assert.True(_owed.Count == 0, $"seed {_seed}: never came: {string.Join(' ', _owed)}");
        Assert.All(Gic.Cpus, cpu => Assert.Equal(0, cpu.HeldCount));
        Assert.Equal((0ul, 0ul), (Gic.Do(GicOperation.ReadDistributor(0x204, 4)).Value, Gic.Do(GicOperation.ReadDistributor(0x304, 4)).Value));
    }

    /// <summary>All SPIs go to CPU 0 now: none waits with another.</summary>
    private void CheckRoutes()
    {
        for (var cpu = 1; cpu < _vcpus; cpu++)
        {
            var first = Gic.Cpus[cpu].HighestPending.InterruptId;
            Assert.False(InterruptIds.IsSpi(first), $"seed {_seed}: INTID {first} waits with CPU {cpu}");
        }
    }

    /// <summary>Where everything has arrived, the level-triggered one is pending with its target while its wire is high, and not at all otherwise.</summary>
    private void CheckLevel()
    {
        Gic.Do(GicOperation.DriveSpi(LevelSpi, true));
        Gic.Drain();
        Assert.True((Gic.Do(GicOperation.ReadDistributor(0x204, 4)).Value >> (LevelSpi - 32) & 1) == 1, $"seed {_seed}: the wire is not seen");
        Gic.Do(GicOperation.DriveSpi(LevelSpi, false));
        Gic.Do(GicOperation.WriteDistributor(0x284, 4, 1u << (LevelSpi - 32)));
        Gic.Drain();
        Assert.True((Gic.Do(GicOperation.ReadDistributor(0x204, 4)).Value >> (LevelSpi - 32) & 1) == 0, $"seed {_seed}: the wire is still seen");
        _owed.Remove(LevelSpi);
    }

    private void Prepare()
    {
        Gic.Do(GicOperation.WriteDistributor(0xC08, 4, 0xAAAA_AAAA & ~(3u << ((LevelSpi % 16) * 2))));
        Gic.Do(GicOperation.WriteDistributor(0x84, 4, uint.MaxValue));
        for (var cpu = 0; cpu < _vcpus; cpu++)
        {
            Gic.Cpus[cpu].WriteRegister(IccRegister.Pmr, 0xF0);
            Gic.Cpus[cpu].WriteRegister(IccRegister.IgrpEn1, 1);
            Gic.Cpus[cpu].WriteRegister(IccRegister.Ctlr, _splitsEnd ? 2u : 0);
            Gic.Do(GicOperation.WriteRedistributor(cpu, 0x70, 8, 0x4240000F));
            Gic.Do(GicOperation.WriteRedistributor(cpu, 0x78, 8, GicBench.PendingTable(cpu)));
            Gic.Do(GicOperation.WriteRedistributor(cpu, 0, 4, 1));
        }

        Gic.Do(GicOperation.WriteIts(0, 0x100, 8, 0x8000000042100200));
        Gic.Do(GicOperation.WriteIts(0, 0x108, 8, 0x8000000042200200));
        Gic.Do(GicOperation.WriteIts(0, 0x80, 8, 0x8000000042000000));
        Gic.Do(GicOperation.WriteIts(0, 0, 4, 1));
        for (var cpu = 0; cpu < _vcpus; cpu++)
        {
            Send(0x09, 0, (1UL << 63) | ((ulong)cpu << 16) | (uint)cpu);
        }

        Send(0x08, 7, (1UL << 63) | GicBench.Itt(0));
        for (var lpi = 0; lpi < Lpis; lpi++)
        {
            SetProperty(lpi, 0xA1);
            Send(0x0A, (uint)lpi | ((ulong)(FirstLpi + lpi) << 32), (uint)(lpi % _vcpus));
        }

        Gic.Drain();
        Open();
    }

    private void Open()
    {
        Gic.Do(GicOperation.WriteDistributor(0x104, 4, SpiBits));
        Gic.Do(GicOperation.WriteDistributor(0, 4, 2));
        for (var lpi = 0; lpi < Lpis; lpi++)
        {
            SetProperty(lpi, 0xA1);
            Send(0x0C, (uint)lpi, 0);
        }

        // QEMU leaves an LPI pending with the CPU that its collection had before: INV does not look there.
        Send(0x0D, 0, 0);
        for (var spi = FirstSpi; spi < FirstSpi + Spis; spi++)
        {
            Gic.Do(GicOperation.WriteDistributor((ulong)(0x6000 + (8 * spi)), 8, 0));
        }

        Gic.Drain();
    }

    private void Drive(int spi)
    {
        if (spi == LevelSpi)
        {
            var level = _random.Next(2) == 0;
            Gic.Request(GicOperation.DriveSpi(spi, level), _ => Wire(level));
            return;
        }

        Gic.Request(GicOperation.DriveSpi(spi, true), _ => Owe(spi));
        Gic.Request(GicOperation.DriveSpi(spi, false));
    }

    private void Latch(int spi)
    {
        if (spi == LevelSpi)
        {
            Wire(true);
        }
        else
        {
            Owe(spi);
        }
    }

    /// <summary>A level comes again and again while the wire is high, and not at all if it falls in time.</summary>
    private void Wire(bool level)
    {
        _events[LevelSpi] = int.MaxValue;
        if (level)
        {
            _owed.Add(LevelSpi);
        }
        else
        {
            _owed.Remove(LevelSpi);
        }
    }

    private void Message(int lpi)
    {
        if (_random.Next(2) == 0)
        {
            Gic.Request(GicOperation.SendMessage(Doorbell, (uint)lpi, 1, 0), board =>
            {
                Assert.Equal(1, board.Result);
                Owe(FirstLpi + lpi);
            });
        }
        else
        {
            Send(0x03, (uint)lpi, 0, () => Owe(FirstLpi + lpi));
        }
    }

    private void Owe(int interruptId)
    {
        _events[interruptId] = _events.GetValueOrDefault(interruptId) + 1;
        _owed.Add(interruptId);
    }

    /// <summary>What takes interrupts from CPUs: disabling, moving, looking, the distributor's enable, INV, MOVI, MAPC, MOVALL.</summary>
    private void Write()
    {
        var spi = FirstSpi + _random.Next(Spis);
        var lpi = _random.Next(Lpis);
        var cpu = _random.Next(_vcpus);
        var mask = (uint)_random.Next() & SpiBits;
        switch (_random.Next(18))
        {
            case 0:
                Gic.Request(GicOperation.WriteDistributor(0x104, 4, mask));
                break;
            case 1:
                Gic.Request(GicOperation.WriteDistributor(0x184, 4, mask));
                break;
            case 2:
                Gic.Request(GicOperation.ReadDistributor(_random.Next(2) == 0 ? 0x204u : 0x304u, 4));
                break;
            case 3 or 4 or 5:
                Gic.Request(GicOperation.WriteDistributor((ulong)(0x6000 + (8 * spi)), 8, (ulong)_random.Next(_vcpus + 1)));
                break;
            case 6 when _splitsEnd:
                Gic.Request(GicOperation.WriteDistributor((ulong)(0x400 + spi), 1, (ulong)_random.Next(4) << 5));
                break;
            case 7:
                Gic.Request(GicOperation.WriteDistributor(0, 4, (ulong)(_random.Next(3) == 0 ? 0 : 2)));
                break;
            case 8:
                Gic.Request(GicOperation.WriteDistributor(0x204, 4, 1u << (spi - 32)), _ => Latch(spi));
                break;
            case 9:
                SetProperty(lpi, (byte)(_random.Next(3) == 0 ? 0xA0 : 0x81));
                Send(0x0C, (uint)lpi, 0);
                break;
            case 10 or 11:
                Send(0x01, (uint)lpi, (uint)cpu);
                break;
            case 12:
                Send(0x0D, 0, (uint)cpu);
                break;
            case 13:
                Send(0x09, 0, (1UL << 63) | ((ulong)_random.Next(_vcpus) << 16) | (uint)cpu);
                break;
            case 14:
                Send(0x0E, 0, (ulong)_random.Next(_vcpus) << 16, null, (ulong)cpu << 16);
                break;
            case 15:
                Gic.Request(GicOperation.WriteRedistributor(cpu, _random.Next(2) == 0 ? 0xA0u : 0xB0, 8, (ulong)(FirstLpi + lpi)));
                break;
            case 16:
                Gic.Request(GicOperation.GetAttribute(GicAttributes.DistributorRegisters, _random.Next(2) == 0 ? 0x204u : 0x304u));
                break;
            default:
                Gic.Request(GicOperation.SetAttribute(GicAttributes.Control, GicAttributes.ControlSavePending, 0));
                break;
        }
    }

    /// <returns>Whether there was an interrupt.</returns>
    private bool Acknowledge(int cpu)
    {
        if (Gic.IsStalled[cpu])
        {
            return false;
        }

        var interruptId = (int)Gic.Cpus[cpu].ReadRegister(IccRegister.Iar1);
        if (interruptId == InterruptIds.Spurious)
        {
            return false;
        }

        Acknowledged++;
        _running[cpu].Add(interruptId);
        _owed.Remove(interruptId);
        _taken[interruptId] = _taken.GetValueOrDefault(interruptId) + 1;
        Assert.True(_taken[interruptId] <= _events.GetValueOrDefault(interruptId), $"seed {_seed}: INTID {interruptId} came oftener than it was raised");
        Assert.True(!InterruptIds.IsSpi(interruptId) || _activeOn.TryAdd(interruptId, cpu), $"seed {_seed}: INTID {interruptId} is active on two CPUs");
        return true;
    }

    /// <summary>The latest that runs there: EOIR drops priorities in that order.</summary>
    private void End(int cpu)
    {
        if (Gic.IsStalled[cpu] || _running[cpu].Count == 0)
        {
            return;
        }

        var interruptId = _running[cpu][^1];
        _running[cpu].RemoveAt(_running[cpu].Count - 1);
        _activeOn.Remove(interruptId);
        Gic.Cpus[cpu].WriteRegister(IccRegister.Eoir1, (ulong)interruptId);
        if (_splitsEnd)
        {
            Gic.Cpus[cpu].WriteRegister(IccRegister.Dir, (ulong)interruptId);
        }
    }

    private void SetProperty(int lpi, byte property) => Assert.True(Gic.Memory.TryWrite(Properties + (ulong)lpi, 1, property));

    private void Send(ulong word0, ulong word1, ulong word2, Action? done = null, ulong word3 = 0)
    {
        var at = CommandQueue + (_commands % 0x1000);
        _commands = (_commands + 32) % 0x1000;
        var write = _commands;

        // Memory is written when the request is served: a queue of 128 commands may wrap before that.
        Gic.Request(GicOperation.ReadIts(0, 0, 4), _ =>
        {
            (Gic.Memory[at], Gic.Memory[at + 8], Gic.Memory[at + 16], Gic.Memory[at + 24]) = (word0, word1, word2, word3);
        });
        Gic.Request(GicOperation.WriteIts(0, 0x88, 8, write), _ => done?.Invoke());
    }
}
