using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>
/// The services that Kestrel's TLS asks for. They are internal to Kestrel and can only be registered through a host builder, so this is
/// one that builds no host.
/// </summary>
internal sealed class KestrelServices : IWebHostBuilder
{
    private readonly ServiceCollection _services = new();

    internal static ServiceProvider Create()
    {
        var builder = new KestrelServices();
        builder._services.AddLogging();
        builder._services.AddMetrics();
        builder.UseKestrelCore();
        return builder._services.BuildServiceProvider();
    }

    public IWebHostBuilder ConfigureServices(Action<IServiceCollection> configureServices)
    {
        configureServices(_services);
        return this;
    }

    public IWebHostBuilder ConfigureServices(Action<WebHostBuilderContext, IServiceCollection> configureServices) =>
        ConfigureServices(services => configureServices(new(), services));

    public IWebHostBuilder ConfigureAppConfiguration(Action<WebHostBuilderContext, IConfigurationBuilder> configureDelegate) => this;

    public string? GetSetting(string key) => null;

    public IWebHostBuilder UseSetting(string key, string? value) => this;

#pragma warning disable ASPDEPR008 // A member of the interface, obsolete or not.
    public IWebHost Build() => throw new NotSupportedException("There is no host to build, only services.");
#pragma warning restore ASPDEPR008
}
