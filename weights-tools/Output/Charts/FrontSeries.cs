using System.Collections.Generic;

namespace WeightsTools;

/// <summary>Networks that belong together in a front chart.</summary>
/// <param name="Name">What the legend or the panel says.</param>
/// <param name="Role">Decides how it is drawn.</param>
/// <param name="Points">In the order in which a line connects them.</param>
internal sealed record FrontSeries(string Name, SeriesRole Role, IReadOnlyList<FrontPoint> Points);
