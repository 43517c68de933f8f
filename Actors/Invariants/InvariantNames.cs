namespace Trapline.Actors.Invariants;

/// <summary>The names of invariants in reports.</summary>
public static class InvariantNames
{
    private static readonly string[] Names =
        ["raise-lost", "raise-invented", "raise-repeated", "asleep", "pairing", "order", "call", "one-owner", "accounting", "migration"];

    public static string[] All => [.. Names];

    public static int Count => Names.Length;

    public static string NameOf(Invariant invariant) => Names[(int)invariant];
}
