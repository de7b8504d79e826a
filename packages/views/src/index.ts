export { attentionSvg } from './charts/attention-svg.ts'
export { type LineChartOptions, lineChart, type Series, thinned } from './charts/line-chart.ts'
export { type ComparedRun, comparePage, comparison, comparisonLines } from './compare/compare-page.ts'
export { exhibitLines, exhibitPictures, exhibitSections, type NamedPicture } from './draw-exhibits.ts'
export {
  type ExhibitPicture,
  type ExhibitView,
  exhibitView,
  exhibitViewPoint,
  type TerminalOptions,
} from './exhibit-view.ts'
export { type Content, Markup, markup, phrase } from './page/markup.ts'
export { htmlPage, type PageContent } from './page/page.ts'
export { viewsPlugin } from './plugin.ts'
export { type ReportContent, reportContent } from './report/report-content.ts'
export { reportHtml } from './report/report-html.ts'
export { valueLabel } from './search/parameter-axis.ts'
export { type SearchPageContent, searchPage } from './search/search-page.ts'
export { colorText } from './terminal/color-text.ts'
export { drawHeatMap } from './terminal/heat-map.ts'
export { sparkline } from './terminal/sparkline.ts'
export { heading } from './terminal/styles.ts'
export { formatCount, formatDuration, formatMetric } from './text/format.ts'
export { visibleData, visibleText } from './text/visible-text.ts'
