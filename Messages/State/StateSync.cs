using System.Runtime.InteropServices;

namespace Trapline.Messages.State;

/// <summary>
/// One pass over the rows of a state table. An actor or device names each row once, in one method that serves every
/// direction: writing, reading, hashing, listing, so that no direction can forget a row.
/// </summary>
/// <remarks>
/// Every row is a number of words. Rows are pure: passing over them has no side effect on the simulation. A reader
/// throws <see cref="StateFormatException"/> on input that does not fit. Rows of narrower types can be overridden too, by who
/// wants to know the type.
/// </remarks>
public abstract class StateSync
{
    /// <summary>True where values flow into the state: derived fields are then recomputed by the owner after the pass.</summary>
    public virtual bool Loading => false;

    /// <summary>Starts a named part; parts nest and give rows their full names.</summary>
    public virtual void Begin(string part)
    {
    }

    /// <summary>Starts the part of one element of a list, so that its rows have names of their own.</summary>
    public virtual void Begin(string part, int index)
    {
    }

    public virtual void End()
    {
    }

    public abstract void Row(string name, ref ulong value);

    public virtual void Row(string name, Span<ulong> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            Row(name, ref values[i]);
        }
    }

    public virtual void Row(string name, Span<byte> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            ulong wide = values[i];
            Row(name, ref wide);
            values[i] = Narrow<byte>(name, wide, byte.MaxValue);
        }
    }

    public virtual void Row(string name, Span<long> values) => Row(name, MemoryMarshal.Cast<long, ulong>(values));

    public virtual void Row(string name, ref uint value)
    {
        ulong wide = value;
        Row(name, ref wide);
        value = Narrow<uint>(name, wide, uint.MaxValue);
    }

    public virtual void Row(string name, ref int value)
    {
        var wide = unchecked((ulong)(long)value);
        Row(name, ref wide);
        var signed = unchecked((long)wide);
        value = signed is >= int.MinValue and <= int.MaxValue ? (int)signed : throw OutOfRange(name, wide);
    }

    public virtual void Row(string name, ref long value)
    {
        var wide = unchecked((ulong)value);
        Row(name, ref wide);
        value = unchecked((long)wide);
    }

    public virtual void Row(string name, ref byte value)
    {
        ulong wide = value;
        Row(name, ref wide);
        value = Narrow<byte>(name, wide, byte.MaxValue);
    }

    public virtual void Row(string name, ref bool value)
    {
        var wide = value ? 1UL : 0UL;
        Row(name, ref wide);
        value = wide <= 1 ? wide == 1 : throw OutOfRange(name, wide);
    }

    public virtual void Row(string name, ref VirtualTime value)
    {
        // No time of a run and no span that an actor keeps is negative.
        var picoseconds = value.Picoseconds;
        Row(name, ref picoseconds);
        value = picoseconds >= 0 || !Loading ? new VirtualTime(picoseconds) : throw OutOfRange(name, (ulong)picoseconds);
    }

    public virtual void Row(string name, ref ActorAddress value)
    {
        var address = value.Value;
        Row(name, ref address);
        value = new ActorAddress(address);
    }

    public void Row(string name, ref Digest128 value)
    {
        Begin(name);
        Row("low", ref value.Low);
        Row("high", ref value.High);
        End();
    }

    /// <summary>The length of a list whose elements follow; over <paramref name="limit"/> is refused before anything is allocated.</summary>
    public void Count(string name, ref int count, int limit)
    {
        Row(name, ref count);
        if (count < 0 || count > limit)
        {
            throw new StateFormatException($"row '{name}': a count of {count} is outside 0..{limit}");
        }
    }

    /// <summary>A list: its length, then the rows of each element under its number.</summary>
    /// <param name="countName">Row of the length.</param>
    /// <param name="elementName">What an element is called.</param>
    /// <param name="list">Filled anew when state is loaded.</param>
    /// <param name="limit">Elements at most.</param>
    /// <param name="rows">The rows of an element.</param>
    public void List<T>(string countName, string elementName, List<T> list, int limit, StateRows<T> rows)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(rows);
        var count = list.Count;
        Count(countName, ref count, limit);
        if (Loading)
        {
            list.Clear();
        }

        for (var i = 0; i < count; i++)
        {
            var element = Loading ? default : list[i];
            Begin(elementName, i);
            rows(this, ref element);
            End();
            if (Loading)
            {
                list.Add(element);
            }
        }
    }

    /// <summary>Text as its length and UTF-16 units.</summary>
    public void Text(string name, ref string value, int limit)
    {
        ArgumentNullException.ThrowIfNull(value);
        var length = value.Length;
        Count(name, ref length, limit);
        var units = Loading ? new char[length] : value.ToCharArray();
        for (var i = 0; i < length; i++)
        {
            ulong unit = units[i];
            Begin(name, i);
            Row("unit", ref unit);
            End();
            units[i] = (char)Narrow<ushort>(name, unit, ushort.MaxValue);
        }

        value = Loading ? new string(units) : value;
    }

    /// <summary>A row whose numbers must be of an enum or a small range.</summary>
    public void RowBelow(string name, ref byte value, int limit)
    {
        Row(name, ref value);
        if (value >= limit)
        {
            throw OutOfRange(name, value);
        }
    }

    private static T Narrow<T>(string name, ulong wide, ulong max)
        where T : System.Numerics.INumberBase<T> => wide <= max ? T.CreateTruncating(wide) : throw OutOfRange(name, wide);

    private static StateFormatException OutOfRange(string name, ulong value) =>
        new($"row '{name}': the value 0x{value:x} does not fit the row");
}
