namespace Trapline.Machines.Costs;

/// <summary>Where a number comes from. A derived number has the basis of its weakest part.</summary>
public enum CostBasis
{
    /// <summary>Measured on the machine that the profile describes.</summary>
    Measured,

    /// <summary>Chosen so that published figures come out; it predicts nothing about those.</summary>
    Fitted,

    /// <summary>Measured on other machines, and published.</summary>
    Literature,

    /// <summary>A guess, with its range.</summary>
    Assumed,
}
