namespace Trapline.Devices.Arm.Gic;

/// <summary>What KVM makes of a value written to GICR_PROPBASER or GICR_PENDBASER (spec gicv3-its 4.4, 4.5).</summary>
internal static class TableBase
{
    /// <summary>Both after creation: inner cacheable, inner shareable.</summary>
    public const ulong Reset = 0x580;

    private const int InnerCacheShift = 7;
    private const int ShareShift = 10;
    private const int OuterCacheShift = 56;
    private const ulong CacheField = 7;
    private const ulong ShareField = 3;

    /// <summary>0 is device memory, 1 not cacheable; what is less than cacheable becomes so.</summary>
    private const ulong InnerCacheable = 3;
    private const ulong LeastCacheable = 2;
    private const ulong OuterShareable = 2;
    private const ulong InnerShareable = 1;

    public static ulong SanitizeProperty(ulong value) =>
        (value & (RedistributorRegisters.PropertyAddress | RedistributorRegisters.PropertyIdBits)) | Attributes(value);

    public static ulong SanitizePending(ulong value) =>
        (value & (RedistributorRegisters.PendingAddress | RedistributorRegisters.PendingTableZero)) | Attributes(value);

    private static ulong Attributes(ulong value)
    {
        var inner = (value >> InnerCacheShift) & CacheField;
        var share = (value >> ShareShift) & ShareField;
        var outer = (value >> OuterCacheShift) & CacheField;
        return ((inner < LeastCacheable ? InnerCacheable : inner) << InnerCacheShift)
            | ((share == OuterShareable ? InnerShareable : share) << ShareShift)
            | ((outer < LeastCacheable ? outer : 0) << OuterCacheShift);
    }
}
