import { useEffect, useReducer, useState } from 'react';
import { useLanguage } from '../../language/language.tsx';
import { createKioskEngine, type KioskControls } from './kiosk-engine.ts';
import { startState, type KioskState } from './kiosk-state.ts';
import { kioskReducer } from './state.ts';

/** The kiosk's state with what drives it, for as long as the page is there. */
export function useKiosk(): readonly [KioskState, KioskControls] {
  const { language, setLanguage } = useLanguage();
  const [state, dispatch] = useReducer(kioskReducer, language, startState);
  const [engine] = useState(() => createKioskEngine(dispatch, language));
  useEffect(() => {
    engine.open();
    return () => engine.close();
  }, [engine]);
  useEffect(() => engine.follow(state), [engine, state]);
  useEffect(() => setLanguage(state.language), [state.language, setLanguage]);
  return [state, engine.controls];
}
