using System.Reflection;
using Microsoft.Playwright;
using Trapline.Host.Reports.Html;
using Trapline.Machines.Results;
using Xunit;

namespace Trapline.Browser.Tests;

/// <summary>report.html in a real browser, on screens and in colours that people have.</summary>
[Trait("Runs", "Once")]
public sealed class ReportPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly Dictionary<string, Func<RunReport>> Samples = new()
    {
        ["one"] = () => SampleReports.One,
        ["matrix"] = () => SampleReports.Matrix,
        ["many"] = () => SampleReports.Many,
        ["failed"] = () => SampleReports.Failed,
        ["migrated"] = () => SampleReports.Migrated,
        ["hostile"] = () => SampleReports.HostileNames,
    };

    /// <summary>The pages stay beside the tests, for people to look at.</summary>
    private static readonly string Pages = Path.Combine(AppContext.BaseDirectory, "pages");

    private static readonly string Layout = ReadLayout();

    public static TheoryData<string, int, ColorScheme> Screens
    {
        get
        {
            var screens = new TheoryData<string, int, ColorScheme>();
            foreach (var sample in Samples.Keys)
            {
                screens.Add(sample, 1280, ColorScheme.Light);
                screens.Add(sample, 1280, ColorScheme.Dark);
                screens.Add(sample, 375, ColorScheme.Light);
            }

            return screens;
        }
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Charts_have_sizes_no_words_overlap_and_nothing_is_loaded_or_complained_of(string sample, int width, ColorScheme colours)
    {
        var (page, seen) = await Open(Samples[sample](), $"{sample}.html", width, colours);

        var problems = await page.EvaluateAsync<string[]>(Layout);
        Assert.Empty(problems);
        Assert.Empty(seen.Complaints);
        Assert.Equal(page.Url, Assert.Single(seen.Requests));
        Assert.NotEqual(0, await page.Locator("svg").CountAsync());
        await page.ScreenshotAsync(new() { Path = Path.Combine(Pages, $"{sample}-{width}-{colours}.png"), FullPage = true });
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Words_stand_out_from_what_is_behind_them(ColorScheme colours)
    {
        var (page, _) = await Open(SampleReports.Failed, "contrast.html", 1280, colours);

        // WCAG AA for small text.
        Assert.InRange(await page.EvaluateAsync<double>(LeastContrast), 4.5, 21);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_hostile_name_is_shown_as_it_is_written_and_does_nothing()
    {
        var (page, seen) = await Open(SampleReports.HostileNames, "hostile-name.html", 1280, ColorScheme.Light);

        var title = await page.Locator("h1").TextContentAsync();
        Assert.Equal(SampleReports.Hostile.Replace('\u0001', '\u2401').Replace('\u202e', '\ufffd'), title);
        Assert.Equal(page.Url, Assert.Single(seen.Requests));
        Assert.Empty(seen.Complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task On_paper_it_is_light_and_tables_are_open()
    {
        var (page, _) = await Open(SampleReports.Matrix, "paper.html", 1280, ColorScheme.Dark);
        await page.EmulateMediaAsync(new() { Media = Media.Print });

        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        Assert.True(await page.EvaluateAsync<bool>("() => [...document.querySelectorAll('details table')].every(table => table.checkVisibility({contentVisibilityAuto: true}) && table.getBoundingClientRect().height > 20)"));
        Assert.NotEmpty(await page.PdfAsync(new() { Path = Path.Combine(Pages, "paper.pdf") }));
        await page.Context.CloseAsync();
    }

    private const string LeastContrast = """
        () => {
          const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
          const light = (colour) => {
            const [r, g, b] = numbers(colour).map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const behind = light(getComputedStyle(document.body).backgroundColor);
          const words = [...document.querySelectorAll("h1, h2, h3, p, dt, dd, th, td, caption, summary, li, footer, svg text")];
          return Math.min(...words.map((node) => {
            const style = getComputedStyle(node);
            const ink = light(node instanceof SVGElement ? style.fill : style.color);
            return (Math.max(ink, behind) + 0.05) / (Math.min(ink, behind) + 0.05);
          }));
        }
        """;

    private async Task<(IPage Page, Seen Seen)> Open(RunReport report, string name, int width, ColorScheme colours)
    {
        Directory.CreateDirectory(Pages);
        var file = Path.Combine(Pages, name);
        await File.WriteAllTextAsync(file, ReportPage.Write(report, [SampleReports.Round(report.Variants[0].Name)]), TestContext.Current.CancellationToken);
        var context = await chromium.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = colours });
        var page = await context.NewPageAsync();
        var seen = new Seen([], []);
        page.Console += (_, message) => seen.Complaints.Add(message.Text);
        page.PageError += (_, error) => seen.Complaints.Add(error);
        page.Dialog += (_, dialog) => seen.Complaints.Add($"a dialog: {dialog.Message}");
        page.Request += (_, request) => seen.Requests.Add(request.Url);
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        return (page, seen);
    }

    private static string ReadLayout()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("layout.js")!);
        return reader.ReadToEnd();
    }

    /// <summary>What the browser asked for, and what it said.</summary>
    private sealed record Seen(List<string> Requests, List<string> Complaints);
}
