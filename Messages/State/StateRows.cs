namespace Trapline.Messages.State;

/// <summary>Names the rows of one element of a list, for every direction.</summary>
public delegate void StateRows<T>(StateSync sync, ref T element)
    where T : struct;
