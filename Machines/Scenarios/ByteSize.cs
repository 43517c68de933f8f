namespace Trapline.Machines.Scenarios;

/// <summary>A number of bytes, written alone or as <c>64MiB</c>.</summary>
public readonly record struct ByteSize(long Bytes)
{
    public const string Pattern = "^[0-9]{1,18}(KiB|MiB|GiB|TiB)?$";
}
