namespace Trapline.Cluster.Runs;

/// <summary>
/// A switch of .NET's sockets for a whole process, so only a program sets it, and before its first socket: what follows
/// a receipt runs on the thread that watches the sockets instead of a pool thread. One wake-up less per window; it halves the
/// processor time of two nodes that exchange small windows. Nothing that runs there may block: the fabric's does not.
/// </summary>
public static class SocketScheduling
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Sets it for this process and those that it starts; a value that the user has set is left.</summary>
    public static void PreferInline()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            Environment.SetEnvironmentVariable(Variable, "1");
        }
    }
}
