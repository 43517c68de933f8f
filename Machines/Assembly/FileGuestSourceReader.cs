using Trapline.Machines.Text;

namespace Trapline.Machines.Assembly;

/// <summary>Reads sources from the file system.</summary>
public sealed class FileGuestSourceReader : IGuestSourceReader
{
    public byte[]? Read(string path, int maxBytes, out string problem)
    {
        problem = "";
        try
        {
            if (Directory.Exists(path))
            {
                problem = "it is a folder";
                return null;
            }

            return BoundedFile.Read(path, maxBytes);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problem = "there is no such file";
        }
        catch (UnauthorizedAccessException)
        {
            problem = "permission is denied";
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            problem = e.Message;
        }

        return null;
    }
}
