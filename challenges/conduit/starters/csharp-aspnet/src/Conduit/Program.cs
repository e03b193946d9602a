using Conduit.Data;
using Conduit.Tags;
using Microsoft.EntityFrameworkCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDbContext<ConduitContext>(options =>
    options.UseNpgsql(builder.Configuration.GetConnectionString("Default")));

var app = builder.Build();
app.MapGroup("/api").MapTags();

using (var scope = app.Services.CreateScope())
{
    await scope.ServiceProvider.GetRequiredService<ConduitContext>().Database.MigrateAsync();
}
await app.RunAsync();

public partial class Program;
