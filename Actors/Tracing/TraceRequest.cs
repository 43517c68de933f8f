namespace Trapline.Actors.Tracing;

/// <summary>What a device is asked to do.</summary>
public enum TraceRequest : byte
{
    Read,
    Write,

    /// <summary>One of its inputs is driven.</summary>
    Input,

    /// <summary>A message reaches it.</summary>
    Message,

    /// <summary>A write to a SEND register is carried to it from another CPU.</summary>
    Send,

    /// <summary>One of its timers ran out.</summary>
    Timer,

    /// <summary>A call of user space: the message's kind is the number.</summary>
    Call,
}
