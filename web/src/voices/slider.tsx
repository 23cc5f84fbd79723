import { Field } from './field.tsx';

export interface SliderProps {
  readonly label: string;
  /** Where 1 is normal. */
  readonly value: number;
  readonly from: number;
  readonly to: number;
  readonly onChange: (value: number) => void;
}

export function Slider({ label, value, from, to, onChange }: SliderProps) {
  const shown = `× ${value.toFixed(2)}`;
  return (
    <Field label={`${label} ${shown}`}>
      {(id) => (
        <input
          id={id}
          type="range"
          min={from}
          max={to}
          step={0.05}
          value={value}
          aria-valuetext={shown}
          onChange={(event) => onChange(Number(event.target.value))}
        />
      )}
    </Field>
  );
}
