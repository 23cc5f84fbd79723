/** The Korean font, in subsets that a browser fetches only for the characters a page shows. */
import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css';
