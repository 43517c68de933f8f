namespace Trapline.Bench.Links;

/// <summary>The second process of a measurement.</summary>
internal static class LinksPeer
{
    public static int Run(string kind, Uri url, int messages, int rounds)
    {
        if (kind == LinksBenchmark.Bare)
        {
            BarePingPong.Answer(url, messages, rounds);
        }
        else
        {
            LinkedNodes.Answer(kind, url, messages, rounds);
        }

        return 0;
    }
}
