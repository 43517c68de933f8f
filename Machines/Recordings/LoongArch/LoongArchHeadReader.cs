using System.Globalization;

namespace Trapline.Machines.Recordings.LoongArch;

/// <summary>Collects what the comments at the head of a recording say.</summary>
internal sealed class LoongArchHeadReader
{
    private string? _name;
    private string _recorder = "";
    private int? _cpus;
    private bool? _virtualExtension;
    private int _lines;

    /// <summary>One comment, without its <c>#</c> and space.</summary>
    public void Add(string text, long line)
    {
        if (++_lines > RecordingLimits.HeadLines)
        {
            throw new RecordingException(line, $"the head has more than {RecordingLimits.HeadLines} lines: this is no recording");
        }

        if (line == 1)
        {
            _name = text[RecordingFile.LoongArchMark.Length..];
            return;
        }

        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var value = space < 0 ? "" : text[(space + 1)..];
        var key = space < 0 ? text : text[..space];
        if (key == "recording" || (key == "smp" && _cpus is not null) || (key == "v-eiointc" && _virtualExtension is not null))
        {
            throw new RecordingException(line, $"'# {key}' is in the head already: these are two recordings in one file");
        }

        switch (key)
        {
            case "qemu":
                _recorder = $"qemu {value.Split(' ', ',')[0]}";
                break;
            case "smp":
                _cpus = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var cpus) && cpus is >= 1 and <= RecordingLimits.Cpus
                    ? cpus
                    : throw new RecordingException(line, $"'# smp {RecordingComment.Shorten(value)}' should name 1 to {RecordingLimits.Cpus} CPUs");
                break;
            case "v-eiointc":
                _virtualExtension = value switch
                {
                    "on" => true,
                    "off" => false,
                    _ => throw new RecordingException(line, $"'# v-eiointc {RecordingComment.Shorten(value)}' should be '# v-eiointc on' or '# v-eiointc off'"),
                };
                break;
            default:
                break;
        }
    }

    /// <summary>The head, at the first line that is not part of it.</summary>
    public LoongArchHeader Finish(long line)
    {
        var cpus = _cpus ?? throw new RecordingException(line, "the head should have '# smp N' before the first event");
        var extension = _virtualExtension ?? throw new RecordingException(line, "the head should have '# v-eiointc on' or '# v-eiointc off' before the first event");
        return new LoongArchHeader(_name!, _recorder, cpus, extension);
    }
}
