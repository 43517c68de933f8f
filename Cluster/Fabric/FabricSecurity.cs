namespace Trapline.Cluster.Fabric;

/// <summary>
/// What protects the links of a node. On loopback nothing is asked for: without a key there is no proof, and every process of this
/// machine can speak as a node. Beyond loopback a key is required, and TLS (an https address) unless <see cref="Insecure"/> is set.
/// <para>
/// Certificates are not checked against any authority. Instead both ends prove that they have the key in a way that binds the certificate
/// which each of them sees, so whoever stands between with another certificate fails, although it needs no more than a route.
/// </para>
/// </summary>
public sealed record FabricSecurity
{
    /// <summary>Where a key is looked for if no file is named.</summary>
    public const string KeyVariable = "TRAPLINE_CLUSTER_KEY";

    /// <summary>Shorter keys are refused. Length alone is no strength: draw it at random, with <c>openssl rand -base64 32</c> for instance.</summary>
    public const int MinKeyBytes = 16;

    /// <summary>Longer files are taken for a mistake.</summary>
    public const int MaxKeyBytes = 4096;

    /// <summary>No key, no certificate: for loopback.</summary>
    public static readonly FabricSecurity None = new();

    /// <summary>The cluster's key; empty for none.</summary>
    public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>A PEM file with the certificate to listen with by https; null for one made for this process alone.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The PEM file of its private key; null if that is in <see cref="CertificateFile"/>.</summary>
    public string? CertificateKeyFile { get; init; }

    /// <summary>
    /// Allows http beyond loopback. Peers still prove the key, but what follows can be read and altered on the way: for networks that nobody
    /// else can reach.
    /// </summary>
    public bool Insecure { get; init; }

    internal bool HasKey => !Key.IsEmpty;

    /// <summary>The key from the file, or without one from <see cref="KeyVariable"/>; empty if that is not set. White space around it does not count.</summary>
    /// <exception cref="FabricException">The file cannot be read, or the key is too short or too long. The message never shows the key.</exception>
    public static ReadOnlyMemory<byte> KeyFrom(string? file)
    {
        var where = file is null ? $"the environment variable {KeyVariable}" : $"the key file '{PrintableText.Of(file)}'";
        var key = file is null ? System.Text.Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable(KeyVariable) ?? "") : Read(file, where);
        var text = key.AsMemory().Trim(" \t\r\n"u8);
        if (file is null && text.IsEmpty)
        {
            return text;
        }

        return text.Length is >= MinKeyBytes and <= MaxKeyBytes
            ? text
            : throw new FabricException(
                FabricFailure.Usage,
                $"The cluster key in {where} has {text.Length} bytes; it must have {MinKeyBytes} to {MaxKeyBytes}. Draw one: openssl rand -base64 32.");
    }

    /// <summary>Shows whether there is a key, never the key.</summary>
    public override string ToString() =>
        $"{(HasKey ? "a key" : "no key")}, {(CertificateFile is null ? "a certificate of its own" : $"certificate '{CertificateFile}'")}{(Insecure ? ", insecure" : "")}";

    private static byte[] Read(string file, string where)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var bytes = new byte[MaxKeyBytes + 1];
            return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new FabricException(FabricFailure.Usage, $"Cannot read {where}: {fault.Message}", fault);
        }
    }
}
