using Trapline.Devices.Arm.Its;
using Trapline.Devices.Arm.Profiles;
using static Trapline.Devices.Tests.Arm.ItsBench;

namespace Trapline.Devices.Tests.Arm;

/// <summary>KVM's ITS against a model without queues, caches, owners or messages: sets and nothing else.</summary>
public sealed class ItsModelTests
{
    private const int Vcpus = 3;

    [Fact]
    public void Every_vCPU_gets_what_a_naive_model_says() => Step.CheckAll(steps =>
    {
        var bench = new ItsBench(GicProfiles.Kvm, Vcpus).SetUp();
        bench.SetQueue(0xF);
        var model = new Model();
        for (var vcpu = 0; vcpu < Vcpus; vcpu++)
        {
            bench.Mask(vcpu);
        }

        foreach (var step in steps)
        {
            if (step.Action % 12 == 0)
            {
                var vcpu = step.Place % Vcpus;
                bench.Unmask(vcpu);
                Assert.Equal(model.Deliver(vcpu), bench.Deliver(vcpu));
                bench.Mask(vcpu);
            }
            else if (step.Action % 12 == 1)
            {
                var interrupt = 8192 + (uint)(step.Place % 4);
                bench.SetProperty(interrupt, model.Properties[interrupt] = step.Value % 2 == 0 ? (byte)0xA3 : (byte)0xA2);
            }
            else
            {
                var command = Command(step);
                Assert.Equal(model.Execute(command), bench.Send(command));
            }
        }
    });

    private static ItsCommand Command(Step step)
    {
        var (device, eventId, interrupt) = ((uint)step.Place % 2, (uint)(step.Place / 2) % 3, 8192 + ((uint)(step.Place / 8) % 4));
        var (collection, vcpu) = ((uint)(step.Place / 32) % 3, (uint)(step.Place / 128) % 4);
        return (step.Action % 12) switch
        {
            2 or 3 or 4 => Int(device, eventId),
            5 => Mapd(device, Itt((int)device), step.Value % 4 == 0 ? 16 : 4u, step.Value % 5 != 0),
            6 => Mapc(collection, vcpu, step.Value % 5 != 0),
            7 or 8 => Mapti(device, eventId, interrupt, collection),
            9 => Movi(device, eventId, collection),
            10 => step.Value % 2 == 0 ? Inv(device, eventId) : Invall(collection),
            _ => (step.Value % 3) switch { 0 => Discard(device, eventId), 1 => Clear(device, eventId), _ => Movall(vcpu, (vcpu + 1) % Vcpus) },
        };
    }

    /// <summary>What the spec says of each command (7.4), word for word.</summary>
    private sealed class Model
    {
        private readonly HashSet<uint> _devices = [];
        private readonly Dictionary<uint, int?> _collections = [];
        private readonly Dictionary<(uint Device, uint Event), (uint Interrupt, uint? Collection)> _events = [];
        private readonly Dictionary<uint, (int? Target, byte Property, bool IsPending)> _lpis = [];

        public Dictionary<uint, byte> Properties { get; } = Enumerable.Range(8192, 4).ToDictionary(interrupt => (uint)interrupt, _ => (byte)0xA3);

        public List<uint> Deliver(int vcpu)
        {
            var delivered = _lpis.Where(pair => IsDeliverable(pair.Value) && pair.Value.Target == vcpu).Select(pair => pair.Key).Order().ToList();
            delivered.ForEach(interrupt => _lpis[interrupt] = _lpis[interrupt] with { IsPending = false });
            Forget();
            return delivered;
        }

        public int Execute(in ItsCommand command)
        {
            var result = Do(command);
            Forget();
            return result;
        }

        private static bool IsDeliverable((int? Target, byte Property, bool IsPending) lpi) => lpi is { IsPending: true, Target: not null } && (lpi.Property & 1) != 0;

        private int Do(in ItsCommand command)
        {
            var key = (command.DeviceId, command.EventId);
            var isMapped = _events.TryGetValue(key, out var entry);
            var target = entry.Collection is { } old ? _collections.GetValueOrDefault(old) : null;
            var other = _collections.GetValueOrDefault(command.Collection);
            switch (command.Opcode)
            {
                case ItsOpcode.Int:
                    if (target is null)
                    {
                        return ItsErrors.IntUnmappedInterrupt;
                    }

                    _lpis[entry.Interrupt] = _lpis[entry.Interrupt] with { IsPending = true };
                    return 0;
                case ItsOpcode.Mapd:
                    return Mapd(command);
                case ItsOpcode.Mapc:
                    return Mapc(command);
                case ItsOpcode.Mapti:
                    return Mapti(command);
                case ItsOpcode.Movi:
                    if (!isMapped || target is null || other is null)
                    {
                        return isMapped ? ItsErrors.MoviUnmappedCollection : ItsErrors.MoviUnmappedInterrupt;
                    }

                    _events[key] = (entry.Interrupt, command.Collection);
                    _lpis[entry.Interrupt] = _lpis[entry.Interrupt] with { Target = other };
                    return 0;
                case ItsOpcode.Inv:
                    return isMapped ? Reload(entry.Interrupt) : ItsErrors.InvUnmappedInterrupt;
                case ItsOpcode.Invall:
                    return other is null ? ItsErrors.InvallUnmappedCollection : _lpis.Keys.ToList().Where(interrupt => _lpis[interrupt].Target == other).Sum(Reload);
                case ItsOpcode.Clear when isMapped:
                    _lpis[entry.Interrupt] = _lpis[entry.Interrupt] with { IsPending = false };
                    return 0;
                case ItsOpcode.Clear:
                    return ItsErrors.ClearUnmappedInterrupt;
                case ItsOpcode.Discard when target is not null:
                    _lpis[entry.Interrupt] = _lpis[entry.Interrupt] with { IsPending = false };
                    _events.Remove(key);
                    return 0;
                case ItsOpcode.Discard:
                    return ItsErrors.DiscardUnmappedInterrupt;
                default:
                    return Movall(command);
            }
        }

        private int Mapd(in ItsCommand command)
        {
            if (command.IsValid && command.EventBits > 16)
            {
                return ItsErrors.MapdTableSizeOutOfRange;
            }

            var device = command.DeviceId;
            _events.Keys.Where(key => key.Device == device).ToList().ForEach(key => _events.Remove(key));
            _ = command.IsValid ? _devices.Add(device) : _devices.Remove(device);
            return 0;
        }

        private int Mapc(in ItsCommand command)
        {
            var collection = command.Collection;
            if (command.IsValid && command.Target >= Vcpus)
            {
                return ItsErrors.MapcProcessorOutOfRange;
            }

            foreach (var (key, entry) in _events.Where(pair => pair.Value.Collection == collection).ToList())
            {
                _events[key] = command.IsValid ? entry : (entry.Interrupt, null);
                _lpis[entry.Interrupt] = command.IsValid ? _lpis[entry.Interrupt] with { Target = (int)command.Target } : _lpis[entry.Interrupt];
            }

            if (command.IsValid)
            {
                _collections[collection] = (int)command.Target;
            }
            else
            {
                _collections.Remove(collection);
            }

            return 0;
        }

        private int Mapti(in ItsCommand command)
        {
            if (!_devices.Contains(command.DeviceId))
            {
                return ItsErrors.MaptiUnmappedDevice;
            }

            if (_events.ContainsKey((command.DeviceId, command.EventId)))
            {
                return 0;
            }

            _collections.TryAdd(command.Collection, null);
            _events[(command.DeviceId, command.EventId)] = (command.InterruptId, command.Collection);
            _lpis.TryAdd(command.InterruptId, (_collections[command.Collection], Properties[command.InterruptId], false));
            return 0;
        }

        private int Movall(in ItsCommand command)
        {
            if (command.Target >= Vcpus || command.SecondTarget >= Vcpus)
            {
                return ItsErrors.MovallProcessorOutOfRange;
            }

            foreach (var interrupt in _lpis.Keys.ToList())
            {
                _lpis[interrupt] = _lpis[interrupt].Target == command.Target ? _lpis[interrupt] with { Target = (int)command.SecondTarget } : _lpis[interrupt];
            }

            return 0;
        }

        private int Reload(uint interrupt)
        {
            _lpis[interrupt] = _lpis[interrupt] with { Property = Properties[interrupt] };
            return 0;
        }

        /// <summary>An LPI that nothing refers to lives on only to be delivered.</summary>
        private void Forget()
        {
            foreach (var interrupt in _lpis.Keys.ToList())
            {
                if (!IsDeliverable(_lpis[interrupt]) && _events.Values.All(entry => entry.Interrupt != interrupt))
                {
                    _lpis.Remove(interrupt);
                }
            }
        }
    }
}
