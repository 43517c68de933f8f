using System.Diagnostics;
using Npgsql;

namespace Trapline.Cluster.Coordination.PostgreSql;

/// <summary>
/// Listens to what the triggers of the schema notify, on a connection of its own from the first one who waits; when it is lost, whoever waits
/// looks for himself at intervals until there is another. Every thread hears of each change once.
/// </summary>
/// <param name="connectionString">Of the database.</param>
internal sealed class PostgreSqlChanges(string connectionString) : IDisposable
{
    /// <summary>How often those look who cannot listen, and how often a connection to listen on is tried.</summary>
    private static readonly TimeSpan Polling = TimeSpan.FromMilliseconds(200);

    /// <summary>A connection over which nothing comes must be asked whether it is there.</summary>
    private const int KeepAliveSeconds = 5;

    private readonly object _gate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly ThreadLocal<long> _heard = new(static () => -1);
    private Task? _listener;
    private bool _listening;
    private long _changes;

    /// <returns>Whether there was a change since this thread last asked; the first time, since nobody knows.</returns>
    public bool Wait(TimeSpan atMost, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        using var wake = cancellation.Register(() => Pulse(isChange: false));
        lock (_gate)
        {
            _listener ??= Task.Run(ListenAsync, CancellationToken.None);
            while (_changes == _heard.Value && !cancellation.IsCancellationRequested)
            {
                // Without a listener the caller has to look for himself, and soon.
                var limit = _listening || atMost < Polling ? atMost : Polling;
                var left = limit - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                {
                    break;
                }
            }

            var changed = _changes != _heard.Value;
            _heard.Value = _changes;
            return changed;
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        // It ends at once; what it has open it closes itself.
        _listener?.Wait();
        _end.Dispose();
        _heard.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { KeepAlive = KeepAliveSeconds }.ConnectionString);
                connection.Notification += (_, _) => Pulse(isChange: true);
                await connection.OpenAsync(_end.Token);
                await using (var listen = new NpgsqlCommand("LISTEN trapline", connection))
                {
                    await listen.ExecuteNonQueryAsync(_end.Token);
                }

                // What happened while nobody listened is a change too.
                SetListening(true);
                while (true)
                {
                    await connection.WaitAsync(_end.Token);
                }
            }
            catch (Exception failure) when (failure is NpgsqlException or IOException or TimeoutException or InvalidOperationException or OperationCanceledException)
            {
                // The calls of those who are woken now say what is wrong.
                SetListening(false);
                await Task.WhenAny(Task.Delay(Polling, _end.Token));
            }
        }
    }

    private void SetListening(bool listening)
    {
        lock (_gate)
        {
            Pulse(isChange: _listening != listening);
            _listening = listening;
        }
    }

    private void Pulse(bool isChange)
    {
        lock (_gate)
        {
            _changes += isChange ? 1 : 0;
            Monitor.PulseAll(_gate);
        }
    }
}
