using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Trapline.Persistence.Tests.Stores;

/// <summary>URLs of stores; a password is in none of the messages.</summary>
[Trait("Runs", "Once")]
public sealed class StoreUrlTests
{
    [Theory]
    [InlineData("snapshots.db", "snapshots.db")]
    [InlineData("sqlite:/a b/c.db", "/a b/c.db")]
    [InlineData("C:odd", "C:odd")]
    [InlineData("postgresql://me:secret@db.example:5433/runs", "postgresql://me@db.example:5433/runs")]
    [InlineData("postgres://me:s%40cret@db.example/runs?sslmode=verify-full", "postgresql://me@db.example:5432/runs")]
    [InlineData("postgresql://me:se@cret@[::1]:5433/runs", "postgresql://me@[::1]:5433/runs")]
    [InlineData("postgresql://me:secret@/runs?host=/run/postgresql", "postgresql://me@/runs?host=/run/postgresql")]
    [InlineData("postgresql://db.example/runs", "postgresql://db.example:5432/runs")]
    public void A_store_is_called_by_its_place_without_the_password(string url, string place)
        => Assert.Equal(place, CheckpointStores.Place(url));

    [Theory]
    [InlineData("")]
    [InlineData("sqlite:")]
    [InlineData("sqlite::memory:")]
    [InlineData("file:x?mode=memory")]
    [InlineData("mysql://me:secret@host/db")]
    [InlineData("Host=h;Username=me;Password=secret")]
    [InlineData("postgresql://me:secret@host")]
    [InlineData("postgresql://me:secret@host/")]
    [InlineData("postgresql://me:secret@host:port/db")]
    [InlineData("postgresql://me:secret@host:70000/db")]
    [InlineData("postgresql://host:secret/db")]
    [InlineData("postgresql://me:secret@host/db?password=secret")]
    [InlineData("postgresql://me:secret@host/db?sslmode=never")]
    [InlineData("postgresql://me:secret@host/db?sslmode=")]
    [InlineData("postgresql://me:secret@host/db?host=elsewhere")]
    [InlineData("postgresql://")]
    public void What_is_no_url_of_a_store_is_refused_and_nothing_of_a_password_is_said(string url)
        => Assert.DoesNotContain("secret", Same.Refused(CheckpointFailure.Input, () => CheckpointStores.Open(url)).Message, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void A_server_that_does_not_listen_is_the_environments_fault_and_nothing_of_a_password_is_said()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var message = Same.Refused(CheckpointFailure.Environment, () => CheckpointStores.Open($"postgresql://me:secret@127.0.0.1:{port}/db")).Message;
        Assert.Contains("cannot be reached", message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }
}
