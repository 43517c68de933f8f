using System.Text;
using Trapline.Cluster.Fabric;
using Xunit;

namespace Trapline.Cluster.Tests.Fabric;

/// <summary>The key in the environment. Nothing else in this assembly reads that variable.</summary>
public sealed class ClusterKeyTests : IDisposable
{
    private readonly string? _before = Environment.GetEnvironmentVariable(FabricSecurity.KeyVariable);

    public void Dispose() => Environment.SetEnvironmentVariable(FabricSecurity.KeyVariable, _before);

    [Theory]
    [InlineData(null, "")]
    [InlineData(" \n", "")]
    [InlineData("  sixteen bytes ok\n", "sixteen bytes ok")]
    public void The_variable_is_the_key_without_the_space_around_it(string? value, string key)
    {
        Assert.Equal("TRAPLINE_CLUSTER_KEY", FabricSecurity.KeyVariable);
        Environment.SetEnvironmentVariable(FabricSecurity.KeyVariable, value);
        Assert.Equal(key, Encoding.UTF8.GetString(FabricSecurity.KeyFrom(null).Span));
    }

    [Fact]
    public void A_key_that_is_too_short_is_refused_and_not_shown()
    {
        Environment.SetEnvironmentVariable(FabricSecurity.KeyVariable, "fifteen of them");
        var failure = Assert.Throws<FabricException>(() => FabricSecurity.KeyFrom(null));
        Assert.Equal(FabricFailure.Usage, failure.Failure);
        Assert.Contains("the environment variable TRAPLINE_CLUSTER_KEY has 15 bytes; it must have 16 to 4096", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("fifteen", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_goes_before_the_variable()
    {
        Environment.SetEnvironmentVariable(FabricSecurity.KeyVariable, "the key of the environment");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "the key of the file\n", TestContext.Current.CancellationToken);
            Assert.Equal("the key of the file", Encoding.UTF8.GetString(FabricSecurity.KeyFrom(file).Span));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
