export interface SoundPlotProps {
  /** Loudest sample of each 20 ms, 0 to 1, as far as it has come. */
  readonly peaks: readonly number[];
  /** 0 to 1: how much of it has been heard. */
  readonly played: number;
  /** What a screen reader says in place of the drawing. */
  readonly label: string;
}

const BARS = 120;
const HEIGHT = 100;
const BAR_WIDTH = 0.62;
const LOWEST_BAR = 2;

/** The sound as it comes, what was heard of it in colour. It fills the place it is given. */
export function SoundPlot({ peaks, played, label }: SoundPlotProps) {
  const heights = barHeights(peaks);
  const heard = Math.round(heights.length * played);
  return (
    <figure className="sound-plot" aria-label={label}>
      <svg viewBox={`0 0 ${BARS} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <path className="sound-to-come" d={bars(heights, heard, heights.length)} />
        <path className="sound-heard" d={bars(heights, 0, heard)} />
      </svg>
    </figure>
  );
}

/** One height for each bar; a sound that is shorter than the plot leaves its end empty. */
function barHeights(peaks: readonly number[]): number[] {
  const each = Math.max(1, peaks.length / BARS);
  return Array.from({ length: Math.min(BARS, peaks.length) }, (_, bar) => {
    const from = Math.floor(bar * each);
    const peak = Math.max(...peaks.slice(from, Math.max(from + 1, Math.floor((bar + 1) * each))));
    return Math.max(LOWEST_BAR, Math.min(1, peak) * (HEIGHT - 8));
  });
}

function bars(heights: readonly number[], from: number, to: number): string {
  return heights
    .slice(from, to)
    .map((high, index) => {
      const top = ((HEIGHT - high) / 2).toFixed(1);
      return `M${from + index} ${top}h${BAR_WIDTH}v${high.toFixed(1)}h-${BAR_WIDTH}z`;
    })
    .join('');
}
