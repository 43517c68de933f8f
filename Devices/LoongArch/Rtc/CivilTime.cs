namespace Trapline.Devices.LoongArch.Rtc;

/// <summary>A date and time of the Gregorian calendar, without a time zone. Fields that are out of range count on, as C's timegm has it.</summary>
/// <param name="Year">1970 is the year 1970.</param>
/// <param name="Month">1 to 12.</param>
/// <param name="Day">1 to 31.</param>
/// <param name="Hour">0 to 23.</param>
/// <param name="Minute">0 to 59.</param>
/// <param name="Second">0 to 59.</param>
public readonly record struct CivilTime(long Year, int Month, int Day, int Hour, int Minute, int Second)
{
    private const long SecondsPerDay = 86_400;
    private const long DaysPerEra = 146_097;
    private const long YearsPerEra = 400;

    /// <summary>From 1 March of the year 0, the start of an era of 400 years, to 1 January 1970.</summary>
    private const long EpochDay = 719_468;

    /// <summary>Since the start of 1970.</summary>
    public long Seconds
    {
        get
        {
            // Years begin in March here, so that the leap day is a year's last.
            var months = Month - 3L;
            var year = Year + FloorDivide(months, 12);
            var month = months - (FloorDivide(months, 12) * 12);
            var days = (year * 365) + FloorDivide(year, 4) - FloorDivide(year, 100) + FloorDivide(year, YearsPerEra)
                + (((153 * month) + 2) / 5) + Day - 1 - EpochDay;
            return (days * SecondsPerDay) + (Hour * 3_600L) + (Minute * 60L) + Second;
        }
    }

    public static CivilTime FromSeconds(long seconds)
    {
        var days = FloorDivide(seconds, SecondsPerDay) + EpochDay;
        var second = (int)(seconds - ((days - EpochDay) * SecondsPerDay));
        var era = FloorDivide(days, DaysPerEra);
        var dayOfEra = days - (era * DaysPerEra);
        var yearOfEra = (dayOfEra - (dayOfEra / 1_460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var monthFromMarch = ((5 * dayOfYear) + 2) / 153;
        var day = (int)(dayOfYear - (((153 * monthFromMarch) + 2) / 5)) + 1;
        var month = (int)(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9);
        var year = yearOfEra + (era * YearsPerEra) + (month <= 2 ? 1 : 0);
        return new(year, month, day, second / 3_600, second / 60 % 60, second % 60);
    }

    private static long FloorDivide(long value, long divisor)
    {
        var quotient = value / divisor;
        return value % divisor < 0 ? quotient - 1 : quotient;
    }
}
