namespace Trapline.Devices.Common.Transfer;

/// <summary>What is done with an item of a state transfer.</summary>
public enum StateStep : byte
{
    /// <summary>A value: read at the source, set at the destination.</summary>
    Value,

    /// <summary>A control step of the source before its values are read: it puts state into guest memory.</summary>
    Save,

    /// <summary>A control step of the destination, among the values that it sets.</summary>
    Load,
}
