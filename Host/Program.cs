using Trapline.Host.Commands;
using Trapline.Host.Rendering;

return CommandRunner.RunProcess(args, HostConsole.OpenSystem());
