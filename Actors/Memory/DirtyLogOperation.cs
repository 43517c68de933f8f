namespace Trapline.Actors.Memory;

/// <summary>What a <see cref="Messages.MessageKind.DirtyLog"/> asks of a home of pages; the numbers are part of the message format.</summary>
public enum DirtyLogOperation : byte
{
    /// <summary>Log no more.</summary>
    End = 0,

    /// <summary>Log from now on; every page that was ever touched is dirty.</summary>
    Begin = 1,

    /// <summary>Send what is dirty, and clean it.</summary>
    Send = 2,

    /// <summary>Say how many are dirty.</summary>
    Count = 3,

    /// <summary>Forget all pages.</summary>
    Forget = 4,

    /// <summary>Take what another host sends, from now on; after <see cref="Forget"/> it is for a VM that is gone.</summary>
    Accept = 5,
}
