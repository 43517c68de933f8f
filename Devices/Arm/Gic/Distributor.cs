using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Gic;

/// <summary>
/// The registers of the distributor (spec gicv3-its 3). What has no register, is too wide, too narrow or misaligned reads 0 and writes
/// nothing. Before an access, what <see cref="CollectRecalls"/> names must be back.
/// </summary>
internal sealed partial class Distributor
{
    private const int Word = sizeof(uint);

    private readonly IGicBoardHost _host;
    private readonly GicProfile _profile;
    private readonly SpiStore _spis;
    private readonly Func<bool> _hasIts;
    private readonly bool _hasUnmaskable;
    private byte _revision;

    public Distributor(IGicBoardHost host, GicProfile profile, SpiStore spis, Func<bool> hasIts, bool hasUnmaskable)
    {
        (_host, _profile, _spis, _hasIts, _hasUnmaskable) = (host, profile, spis, hasIts, hasUnmaskable);
        _revision = (byte)profile.Revision;
    }

    /// <summary>GICD_IIDR's revision: 1 fixes all groups to 1, 3 says that EnableLPIs can be cleared and that INVLPIR is there.</summary>
    public int Revision => _revision;

    private bool GroupsAreFixed => _revision == 1;

    /// <summary>Spec 3.1. ITARGETSR takes bytes too, and reads 0.</summary>
    public static bool Takes(int offset, int size) => (offset & (size - 1)) == 0 && size switch
    {
        1 => offset is >= DistributorRegisters.Priority and < DistributorRegisters.Config,
        Word => true,
        sizeof(ulong) => offset is >= DistributorRegisters.Router and < DistributorRegisters.RouterEnd,
        _ => false,
    };

    /// <summary>
    /// Adds what an access needs back from the CPU interfaces. That of user space comes through the attribute: there ISPENDR is the
    /// latch, exactly, and ICPENDR nothing.
    /// </summary>
    public void CollectRecalls(int offset, int size, bool isWrite, ulong value, bool isUser, List<Recall> recalls)
    {
        if (!Takes(offset, size))
        {
            return;
        }

        if (offset is >= DistributorRegisters.Group and < DistributorRegisters.Priority)
        {
            var word = WordOf(offset);
            if (_spis.Implemented(word) != 0)
            {
                var needed = isWrite ? NeededToWrite(BankOf(offset), word, (uint)value, isUser) : NeededToRead(BankOf(offset));
                _spis.CollectRecalls(word, needed, recalls);
            }
        }
        else if (isWrite && offset is >= DistributorRegisters.Router and < DistributorRegisters.RouterEnd)
        {
            var interruptId = RoutedBy(offset);
            if (_spis.Exists(interruptId) && _spis.WouldMove(interruptId, NewRouter(offset, size, value)))
            {
                _spis.CollectRecalls(interruptId / SpiStore.WordBits, 1u << (interruptId % SpiStore.WordBits), recalls);
            }
        }
        else if (isWrite && offset == DistributorRegisters.Control)
        {
            CollectClosed(_spis.EnabledGroups & ~EnabledBy((uint)value), recalls);
        }
    }

    /// <summary>Whether an access takes from LPIs what they pass through.</summary>
    public bool ClosesGroup1(int offset, int size, ulong value) => offset == DistributorRegisters.Control && Takes(offset, size)
        && (_spis.EnabledGroups & ~EnabledBy((uint)value) & DistributorRegisters.EnableGroup1) != 0;

    public ulong Read(int offset, int size, bool isUser)
    {
        if (!Takes(offset, size))
        {
            return 0;
        }

        switch (offset)
        {
            case >= DistributorRegisters.Group and < DistributorRegisters.Priority:
                return ReadBits(BankOf(offset), WordOf(offset), isUser);
            case >= DistributorRegisters.Priority and < DistributorRegisters.PriorityEnd:
                return ReadPriorities(offset - DistributorRegisters.Priority, size);
            case >= DistributorRegisters.Config and < DistributorRegisters.ConfigEnd:
                return ReadConfig((offset - DistributorRegisters.Config) / Word);
            case >= DistributorRegisters.Router and < DistributorRegisters.RouterEnd:
                return _spis.Exists(RoutedBy(offset)) ? new RegisterLane(offset, size).Take(_spis.Router(RoutedBy(offset))) : 0;
            case >= IdentificationRegisters.First and < IdentificationRegisters.End:
                return IdentificationRegisters.Read(_profile, offset, IdentificationRegisters.Distributor);
            default:
                return ReadControl(offset);
        }
    }

    /// <returns>0; -EINVAL where user space asks for another identity, -EBUSY for another GICD_TYPER2.</returns>
    public int Write(int offset, int size, ulong value, bool isUser)
    {
        if (!Takes(offset, size))
        {
            return Errno.Success;
        }

        switch (offset)
        {
            case DistributorRegisters.Control:
                Enable(EnabledBy((uint)value));
                break;
            case DistributorRegisters.Implementer when isUser:
                return WriteRevision((uint)value);
            case DistributorRegisters.Type2 when isUser:
                return value == 0 ? Errno.Success : Errno.Busy;
            case >= DistributorRegisters.Group and < DistributorRegisters.Priority when _spis.Implemented(WordOf(offset)) != 0:
                WriteBits(BankOf(offset), WordOf(offset), (uint)value, isUser);
                break;
            case >= DistributorRegisters.Priority and < DistributorRegisters.PriorityEnd:
                WritePriorities(offset - DistributorRegisters.Priority, size, (uint)value);
                break;
            case >= DistributorRegisters.Config and < DistributorRegisters.ConfigEnd:
                WriteConfig((offset - DistributorRegisters.Config) / Word, (uint)value);
                break;
            case >= DistributorRegisters.Router and < DistributorRegisters.RouterEnd when _spis.Exists(RoutedBy(offset)) && RoutesBy(offset, size):
                _spis.SetRouter(RoutedBy(offset), NewRouter(offset, size, value));
                break;
        }

        return Errno.Success;
    }

    public void SyncState(StateSync sync)
    {
        sync.Row("revision", ref _revision);
        if (sync.Loading)
        {
            StateCheck.SignedRange("revision", _revision, 0, 3);
        }
    }

    private ulong ReadControl(int offset) => offset switch
    {
        DistributorRegisters.Control => DistributorRegisters.AffinityRouting | DistributorRegisters.OneSecurityState
            | (_profile.SeparateGroupEnables ? _spis.EnabledGroups : _spis.EnabledGroups & DistributorRegisters.EnableGroup1),
        DistributorRegisters.Type => Type(),
        DistributorRegisters.Implementer => _profile.ImplementerId | ((uint)_revision << DistributorRegisters.RevisionShift),
        DistributorRegisters.Status => _profile.StatusReadsOnes ? uint.MaxValue : 0,
        _ => 0,
    };

    /// <summary>Spec 3.4.</summary>
    private uint Type()
    {
        const int IdBitsWithLpis = 16;
        const int IdBitsWithout = 10;
        var hasLpis = _hasIts();
        var idBits = hasLpis || _profile.AlwaysWideIds ? IdBitsWithLpis : IdBitsWithout;
        var extra = _profile.TyperHasAffinity3 ? DistributorRegisters.TypeAffinity3 | DistributorRegisters.TypeNoOneOfMany : 0;
        return (uint)((_spis.Interrupts / InterruptIds.PrivateCount) - 1)
            | (hasLpis ? DistributorRegisters.TypeLpis : 0)
            | (_hasUnmaskable ? DistributorRegisters.TypeUnmaskable : 0)
            | (uint)((idBits - 1) << DistributorRegisters.TypeIdBitsShift)
            | extra;
    }

    /// <summary>KVM has one enable, bit 1, for both groups.</summary>
    private uint EnabledBy(uint control)
    {
        const uint Both = DistributorRegisters.EnableGroup0 | DistributorRegisters.EnableGroup1;
        return _profile.SeparateGroupEnables ? control & Both : (control & DistributorRegisters.EnableGroup1) != 0 ? Both : 0;
    }

    /// <summary>The distributor withdraws all of a group that it closes.</summary>
    private void CollectClosed(uint groups, List<Recall> recalls)
    {
        for (var word = 1; word < _spis.Words && groups != 0; word++)
        {
            var ofGroups = ((groups & 1) != 0 ? ~_spis.Group1(word) : 0) | ((groups & 2) != 0 ? _spis.Group1(word) : 0);
            _spis.CollectRecalls(word, ofGroups, recalls);
        }
    }

    private void Enable(uint groups)
    {
        if (_spis.EnabledGroups != groups)
        {
            _spis.SetEnabledGroups(groups);
            Publish();
        }
    }

    /// <summary>What private interrupts have to know.</summary>
    private void Publish() => _host.PublishEnable(_spis.EnabledGroups | (GroupsAreFixed ? GicCpu.GroupsFixed : 0));

    /// <summary>Spec 3.5: only the revision can be chosen. Before the fix of 2026 the present one was checked, and nothing chosen (B28).</summary>
    private int WriteRevision(uint value)
    {
        const int Oldest = 1;
        const int Newest = 3;
        var present = (uint)ReadControl(DistributorRegisters.Implementer);
        var revision = (byte)((value & DistributorRegisters.RevisionField) >> DistributorRegisters.RevisionShift);
        if (present == value)
        {
            // QEMU's has no revision that could be chosen; what was read out can be written back.
            return Errno.Success;
        }

        if (((present ^ value) & ~DistributorRegisters.RevisionField) != 0 || (revision is < Oldest or > Newest && !_profile.RevisionWriteIgnored))
        {
            return Errno.InvalidArgument;
        }

        if (!_profile.RevisionWriteIgnored && _revision != revision)
        {
            _revision = revision;
            for (var word = 1; word < _spis.Words && GroupsAreFixed; word++)
            {
                _spis.SetGroup1(word, uint.MaxValue);
            }

            Publish();
        }

        return Errno.Success;
    }
}
