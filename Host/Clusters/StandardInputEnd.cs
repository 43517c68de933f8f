namespace Trapline.Host.Clusters;

/// <summary>For a process that must not outlive the one that started it: the pipe between them breaks however that one ends.</summary>
internal static class StandardInputEnd
{
    /// <summary>To leave in order; then it ends all the same.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="ended">Called once, on another thread.</param>
    public static void Watch(Action ended)
    {
        new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            Span<byte> buffer = stackalloc byte[64];
            try
            {
                while (input.Read(buffer) > 0)
                {
                }
            }
            catch (IOException)
            {
                // Nobody is at the other end: the same.
            }

            ended();
            Thread.Sleep(Patience);
            Environment.Exit(ExitCodes.Interrupted);
        })
        { IsBackground = true, Name = "standard input" }.Start();
    }
}
