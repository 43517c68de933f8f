using Trapline.Devices.Arm.Ownership;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Its;

/// <summary>What an ITS knows of devices, events and collections, and its commands: as lists of KVM's, or as tables in guest memory.</summary>
internal abstract class ItsMappings
{
    /// <summary>What a command needs back from CPU interfaces before it is executed.</summary>
    public abstract void CollectRecalls(in ItsCommand command, List<Recall> recalls);

    /// <returns>
    /// 0, one of <see cref="ItsErrors"/>, or a negative errno: -ENODEV for an unknown command, -EFAULT where guest memory failed.
    /// </returns>
    public abstract int Execute(in ItsCommand command);

    /// <summary>An event of a device, by message or INT (spec 8.2, from step 6).</summary>
    /// <returns>0: it is pending. Or <see cref="ItsErrors.IntUnmappedInterrupt"/>, or a negative errno.</returns>
    public abstract int Translate(uint deviceId, uint eventId);

    /// <summary>As <see cref="Translate"/>, by the translation cache alone.</summary>
    /// <returns>False where the event is not in it: nothing has happened.</returns>
    public abstract bool TryTranslateCached(uint deviceId, uint eventId);

    public abstract void EmptyCache();

    /// <summary>GITS_BASER0 has a new value, or no longer valid content.</summary>
    public abstract void DropDevices();

    /// <summary>Likewise GITS_BASER1.</summary>
    public abstract void DropCollections();

    /// <summary>SAVE_TABLES (spec 9.6).</summary>
    public abstract int Save();

    /// <summary>RESTORE_TABLES (spec 9.7).</summary>
    public abstract int Restore();

    public abstract void SyncState(StateSync sync);
}
