namespace Trapline.Machines.Assembly;

/// <summary>Finds the file that an include means.</summary>
internal static class IncludePath
{
    /// <summary>Relative to the including file, without "." and "..", so that one file has one path.</summary>
    public static string Resolve(string includer, string name, int position)
    {
        if (name.Length == 0 || Path.IsPathRooted(name))
        {
            throw new StatementException(position, "an include names a file by its path from the folder of this file");
        }

        var folder = Path.GetDirectoryName(includer) ?? "";
        return Normalise(Path.Combine(folder, name));
    }

    public static string Normalise(string path)
    {
        var root = Path.GetPathRoot(path) ?? "";
        var parts = new List<string>();
        foreach (var part in path[root.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                if (parts.Count > 0 && parts[^1] != "..")
                {
                    parts.RemoveAt(parts.Count - 1);
                }
                else if (root.Length == 0)
                {
                    parts.Add(part);
                }
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return root + string.Join('/', parts);
    }
}
