/** A moment: seconds since midnight, and the day it falls on where the text says so. */
interface Moment {
  /** Days since 1970-01-01, or null where only a time of day is given. */
  readonly day: number | null;
  readonly seconds: number;
}

const daySeconds = 86_400;

/**
 * Seconds from one DICOM time to a later one, or null when either cannot be read.
 *
 * Times are TM ("HHMMSS.ffffff", also with colons) or DT ("YYYYMMDDHHMMSS.ffffff", a UTC offset being ignored, since
 * both come from one scanner). Without a date on both, a time of day that lies after the other is taken to be of the
 * day before: an injection before midnight.
 *
 * @param laterDate - DA ("YYYYMMDD") of `later`, where it is a time of day
 * @see DICOM PS3.5, table 6.2-1
 */
export function secondsBetween(earlier: string, later: string, laterDate: string | null = null): number | null {
  const from = moment(earlier, null);
  const to = moment(later, laterDate);
  if (!from || !to) return null;
  const seconds = to.seconds - from.seconds;
  if (from.day !== null && to.day !== null) return seconds + (to.day - from.day) * daySeconds;
  return seconds < 0 ? seconds + daySeconds : seconds;
}

/**
 * Seconds by which one time is after another, less than 0 when it is before, or null when either cannot be read. Without a
 * date on both, the nearer way round the clock.
 */
export function secondsAfter(time: string, other: string): number | null {
  const [at, from] = [moment(time, null), moment(other, null)];
  if (!at || !from) return null;
  const seconds = at.seconds - from.seconds;
  if (at.day !== null && from.day !== null) return seconds + (at.day - from.day) * daySeconds;
  return seconds - daySeconds * Math.round(seconds / daySeconds);
}

/** A time of day with its date before it, as DT, where the date can be read; a DT stays as it is. */
export function dated(time: string, date: string | null | undefined): string {
  const digits = time.trim().replace(/:/g, "");
  return date && dayOf(date) !== null && /^\d{6}(\.\d+)?$/.test(digits)
    ? date.trim().replace(/-/g, "") + digits
    : time.trim();
}

/** A DT's time of day. */
export function timeOfDay(time: string): string {
  return time.trim().replace(/^\d{8}(?=\d{6})/, "");
}

function moment(text: string, date: string | null): Moment | null {
  const digits = text
    .trim()
    .replace(/:/g, "")
    .replace(/[+-]\d{4}$/, "");
  const match = /^(\d{8})?(\d{2})(\d{2})(\d{2}(?:\.\d+)?)$/.exec(digits);
  if (!match) return null;
  const [hours, minutes, seconds] = [Number(match[2]), Number(match[3]), Number(match[4])];
  // 60 is the leap second DICOM allows.
  if (hours > 23 || minutes > 59 || seconds >= 61) return null;
  return {day: dayOf(match[1] ?? date), seconds: hours * 3600 + minutes * 60 + seconds};
}

function dayOf(date: string | null): number | null {
  const match = date === null ? null : /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(date.trim());
  return match ? Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / 86_400_000 : null;
}
