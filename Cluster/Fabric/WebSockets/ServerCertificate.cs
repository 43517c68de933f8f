using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>The certificate that a node listens with: from its operator's files, or made for this process alone.</summary>
internal static class ServerCertificate
{
    /// <exception cref="FabricException">The files cannot be read, or hold no certificate with its key.</exception>
    internal static X509Certificate2 Of(FabricSecurity security) => security.CertificateFile is null ? Create() : Load(security);

    /// <summary>What a proof of the key binds: as RFC 5929 has it for certificates signed with SHA-256, here for all.</summary>
    internal static byte[] HashOf(X509Certificate certificate) => SHA256.HashData(certificate.GetRawCertData());

    private static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=trapline node", key, HashAlgorithmName.SHA256);
        // Nobody checks the time: the certificate lives as long as this process, and clocks of nodes may differ.
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(10));
        // By way of its file form: some platforms do not serve TLS with a key that lives in memory alone.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private static X509Certificate2 Load(FabricSecurity security)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(security.CertificateFile!, security.CertificateKeyFile);
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            var files = security.CertificateKeyFile is null ? $"'{security.CertificateFile}'" : $"'{security.CertificateFile}' and '{security.CertificateKeyFile}'";
            throw new FabricException(FabricFailure.Usage, $"No certificate with its private key can be read from {files}: {fault.Message}", fault);
        }
    }
}
